"""Write topics for people: a folder of tables, pictures and a page, or a workbook."""

"""The same coding over more rows than fit in memory."""

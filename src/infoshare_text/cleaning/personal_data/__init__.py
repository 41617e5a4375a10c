"""Personal data in what people wrote: found with exact places, replaced by masks that say what stood there."""

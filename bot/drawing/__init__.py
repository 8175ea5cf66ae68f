"""Pictures drawn here, values in and PNG bytes out: heavy to import, so imported where one is drawn."""

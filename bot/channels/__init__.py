"""The adapters: a package for each kind of platform. They translate and decide nothing."""

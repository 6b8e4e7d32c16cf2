"""HTTP, thin: pages, JSON and tiles over the domain and its layers."""

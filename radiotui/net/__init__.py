"""The network: HTTP, addresses, and how politely servers are asked."""

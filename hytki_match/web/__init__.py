"""The web chat: pages and components. No retrieval and no wording of its own."""

"""The search page: works, people, collections and tags that match some words."""

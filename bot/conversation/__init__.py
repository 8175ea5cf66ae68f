"""What is said in answer: a router and one module for each command. Handlers are plain functions in one transaction."""

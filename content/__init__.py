"""What packs are: model, reading with positions, checking, language choice, arcs."""

"""What is remembered: schema, migrations, one module of plain functions of a connection for each aggregate."""

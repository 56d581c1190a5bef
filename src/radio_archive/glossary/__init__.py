"""What the station's corrections teach: names the machine writes wrong, and their right form."""

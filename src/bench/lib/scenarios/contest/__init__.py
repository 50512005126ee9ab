"""What src/bench/peers is made of: who takes part, what is asked of them, and the tables."""

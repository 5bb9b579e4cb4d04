"""a3: recurrent networks and transformers that write captions, generative networks, self-supervision."""

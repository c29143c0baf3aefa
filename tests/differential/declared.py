def create(d): raise NotImplementedError

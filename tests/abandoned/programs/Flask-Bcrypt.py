"""Hashes of passwords, and their check."""
from flask import Flask
from flask.ext.bcrypt import Bcrypt

app = Flask(__name__)
app.config["BCRYPT_LOG_ROUNDS"] = 4
bcrypt = Bcrypt(app)
hashed = bcrypt.generate_password_hash("secret")
assert bcrypt.check_password_hash(hashed, "secret")
assert not bcrypt.check_password_hash(hashed, "Secret")
assert hashed != bcrypt.generate_password_hash("secret")

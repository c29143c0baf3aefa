"""FLASK_ERA=0.8 python run.py"""

import os

from guestbook import app

if __name__ == "__main__":
    app.run(port=int(os.environ.get("PORT", 5000)))

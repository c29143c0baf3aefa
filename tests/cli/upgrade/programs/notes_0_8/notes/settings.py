DEBUG = True
SQLALCHEMY_DATABASE_URI = 'sqlite:///notes.db'
LOGGER_NAME = 'notes'  #> flask.Config[LOGGER_NAME] 1.0 works

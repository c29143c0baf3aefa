class Config:
    SECRET_KEY = 'blog'
    JSONIFY_PRETTYPRINT_REGULAR = True  #> flask.Config[JSONIFY_PRETTYPRINT_REGULAR] 2.3 works


class Development(Config):
    ENV = 'development'  #> flask.Config[ENV] 2.3 works


config = {'development': Development, 'production': Config}


class Unused:
    JSON_SORT_KEYS = False

-- The whole of Chirp's data. Running this file starts over: what was there is dropped.
BEGIN;

DROP TABLE IF EXISTS post_words;
DROP TABLE IF EXISTS post;
DROP TABLE IF EXISTS follow;
DROP TABLE IF EXISTS person;

CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    bio TEXT NOT NULL DEFAULT '',
    password_hash TEXT NOT NULL,
    joined_at INTEGER NOT NULL -- seconds since 1970
);

CREATE TABLE follow (
    follower_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    followed_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    PRIMARY KEY (follower_id, followed_id),
    CHECK (follower_id <> followed_id)
) WITHOUT ROWID;

CREATE INDEX follow_by_followed ON follow (followed_id);

CREATE TABLE post (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- numbers are never used again: links stay true, pages are cut by them
    author_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    image TEXT, -- a file in the image folder
    image_description TEXT NOT NULL DEFAULT '',
    posted_at INTEGER NOT NULL, -- seconds since 1970
    edited_at INTEGER
);

CREATE INDEX post_by_author ON post (author_id, id);

-- The full-text index holds no text of its own, it reads the post table; the triggers keep it in step.
CREATE VIRTUAL TABLE post_words USING fts5 (
    text, image_description, content = 'post', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER post_added AFTER INSERT ON post BEGIN
    INSERT INTO post_words (rowid, text, image_description) VALUES (new.id, new.text, new.image_description);
END;

CREATE TRIGGER post_removed AFTER DELETE ON post BEGIN
    INSERT INTO post_words (post_words, rowid, text, image_description)
    VALUES ('delete', old.id, old.text, old.image_description);
END;

CREATE TRIGGER post_changed AFTER UPDATE OF text, image_description ON post BEGIN
    INSERT INTO post_words (post_words, rowid, text, image_description)
    VALUES ('delete', old.id, old.text, old.image_description);
    INSERT INTO post_words (rowid, text, image_description) VALUES (new.id, new.text, new.image_description);
END;

COMMIT;

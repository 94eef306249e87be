-- Pictures: whether a guarantee's checks come with one, which picture came with which check, and what kept looks like at a
-- place. The pictures themselves are files, each under the hash of its content.
ALTER TABLE guarantees ADD COLUMN photos TEXT NOT NULL DEFAULT 'forbidden' CHECK (photos IN ('required', 'on_break', 'optional', 'forbidden'));

CREATE TABLE photos (
    business_id UUID NOT NULL REFERENCES businesses (id),
    hash BYTEA NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (business_id, hash)
);

-- A picture comes with one check and no other. It may be removed, and the check stays.
ALTER TABLE checks ADD COLUMN photo BYTEA;
CREATE UNIQUE INDEX checks_photo ON checks (business_id, photo) WHERE photo IS NOT NULL;

CREATE TABLE examples (
    business_id UUID NOT NULL REFERENCES businesses (id),
    guarantee_id UUID NOT NULL REFERENCES guarantees (id),
    place_id UUID NOT NULL REFERENCES places (id),
    photo BYTEA NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (guarantee_id, place_id)
);
CREATE INDEX examples_photo ON examples (business_id, photo);

SELECT raise_walls();

-- Who is bound to some sites of the business, each by its id: a member, a token, an invitation, a shared device. Owners and
-- auditors reach everything.
CREATE TABLE reaches (
    business_id BLOB NOT NULL REFERENCES businesses (id),
    holder_id BLOB NOT NULL,
    site_id BLOB NOT NULL REFERENCES sites (id),
    PRIMARY KEY (business_id, holder_id, site_id)
);

ALTER TABLE members ADD COLUMN bound BOOLEAN NOT NULL DEFAULT FALSE CHECK (NOT bound OR role IN ('manager', 'staff'));
ALTER TABLE tokens ADD COLUMN bound BOOLEAN NOT NULL DEFAULT FALSE CHECK (NOT bound OR role IN ('manager', 'staff'));
ALTER TABLE invites ADD COLUMN bound BOOLEAN NOT NULL DEFAULT FALSE CHECK (NOT bound OR role IN ('manager', 'staff'));

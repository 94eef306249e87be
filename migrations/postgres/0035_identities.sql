-- One person has one identity: addresses and phone numbers in the normal form by which they are compared. The program fills it
-- in for the rows that are here already, because no database knows how a number is written in which country. Where two accounts
-- were made under two spellings of one address, the later one is a twin: both stay, and new ones are refused.
ALTER TABLE people ADD COLUMN identity TEXT;
ALTER TABLE people ADD COLUMN twin BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX people_identity_twin_key ON people (identity, twin);
ALTER TABLE customers ADD COLUMN identity TEXT;
CREATE INDEX customers_by_identity ON customers (business_id, identity) WHERE identity IS NOT NULL;
CREATE INDEX customers_unidentified ON customers (business_id) WHERE contact IS NOT NULL AND identity IS NULL;

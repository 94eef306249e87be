-- Customers are forgotten: the row stays, so that it is known how often the same person was failed, without who it was.
ALTER TABLE customers ADD COLUMN erased_at TEXT CHECK (erased_at IS NULL OR (name = '' AND contact IS NULL));
ALTER TABLE customers ADD COLUMN erased_by TEXT CHECK ((erased_at IS NULL) = (erased_by IS NULL));
CREATE INDEX customers_remembered ON customers (business_id, created_at) WHERE erased_at IS NULL;

-- Those of a customer, among those of the business.
CREATE INDEX recoveries_of_customer ON recoveries (business_id, customer_id, opened_at);

-- After how many months without a recovery that is open, or was closed since.
ALTER TABLE businesses ADD COLUMN forget_after INTEGER NOT NULL DEFAULT 12 CHECK (forget_after BETWEEN 1 AND 120);

-- Who made what opens something: it ends with the rights of its maker, or is taken over by name. Tokens and customers' links that
-- are here already are of whom the deeds and steps name; where none is named they were made at the command line.
ALTER TABLE tokens ADD COLUMN made_by TEXT NOT NULL DEFAULT 'trialmark';
ALTER TABLE follow_ups ADD COLUMN made_by TEXT NOT NULL DEFAULT 'trialmark';
ALTER TABLE tokens NO FORCE ROW LEVEL SECURITY;
ALTER TABLE follow_ups NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit NO FORCE ROW LEVEL SECURITY;
ALTER TABLE recovery_steps NO FORCE ROW LEVEL SECURITY;
UPDATE tokens SET made_by = COALESCE((SELECT a.by FROM audit a WHERE a.business_id = tokens.business_id
    AND a.about = tokens.id AND a.deed = 'token_made' ORDER BY a.at LIMIT 1), 'trialmark');
UPDATE follow_ups SET made_by = COALESCE((SELECT made.by FROM (
    SELECT a.by, a.at FROM audit a WHERE a.business_id = follow_ups.business_id
        AND a.about = follow_ups.recovery_id AND a.deed = 'link_renewed'
    UNION ALL
    SELECT s.by, s.at FROM recovery_steps s WHERE s.business_id = follow_ups.business_id
        AND s.recovery_id = follow_ups.recovery_id AND s.step = 'follow_up_sent'
    ) AS made ORDER BY made.at DESC LIMIT 1), 'trialmark') WHERE used_at IS NULL;
ALTER TABLE tokens FORCE ROW LEVEL SECURITY;
ALTER TABLE follow_ups FORCE ROW LEVEL SECURITY;
ALTER TABLE audit FORCE ROW LEVEL SECURITY;
ALTER TABLE recovery_steps FORCE ROW LEVEL SECURITY;
CREATE INDEX invites_by_maker ON invites (business_id, made_by) WHERE used_at IS NULL AND revoked_at IS NULL;
CREATE INDEX tokens_by_maker ON tokens (business_id, made_by) WHERE revoked_at IS NULL;
CREATE INDEX devices_by_maker ON devices (business_id, made_by) WHERE revoked_at IS NULL;
CREATE INDEX follow_ups_by_maker ON follow_ups (business_id, made_by) WHERE used_at IS NULL;
CREATE INDEX follow_ups_open ON follow_ups (business_id, recovery_id) WHERE used_at IS NULL;

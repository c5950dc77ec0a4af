package member

import "guildhall/internal/db"

const accountColumns = `SELECT id, face_id, user_handle, CASE WHEN vault IS NULL THEN 0 ELSE 1 END, code_hash, generation, joined_half, seen_half, lang, zone, theme, request_key
	FROM member_account WHERE `

var (
	qJoin = db.SQL("member.join", `INSERT INTO member_account
		(id, face_id, user_handle, login_hash, vault, code_hash, generation, joined_half, seen_half, lang, zone, theme, request_key)
		VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7, $8, $9, '', $10)`)
	qAccount    = db.SQL("member.account", accountColumns+`id = $1`)
	qByFace     = db.SQL("member.byFace", accountColumns+`face_id = $1`)
	qByLogin    = db.SQL("member.byLogin", accountColumns+`login_hash = $1`)
	qPrefer     = db.SQL("member.prefer", `UPDATE member_account SET lang = $2, zone = $3, theme = $4 WHERE id = $1`)
	qSeen       = db.SQL("member.seen", `UPDATE member_account SET seen_half = $2 WHERE id = $1`)
	qGeneration = db.SQL("member.generation", `UPDATE member_account SET generation = generation + 1 WHERE id = $1`)
	qCount      = db.SQL("member.count", `SELECT count(*) FROM member_account`)
	qErase      = db.SQL("member.erase", `DELETE FROM member_account WHERE id = $1`)

	qDevices         = db.SQL("member.devices", `SELECT device, label FROM member_device WHERE account_id = $1 ORDER BY device`)
	qDeviceCount     = db.SQL("member.deviceCount", `SELECT count(*) FROM member_device WHERE account_id = $1`)
	qDeviceAdd       = db.SQL("member.deviceAdd", `INSERT INTO member_device (account_id, device, label) VALUES ($1, $2, $3) ON CONFLICT (account_id, device) DO NOTHING`)
	qDeviceLabel     = db.SQL("member.deviceLabel", `UPDATE member_device SET label = $3 WHERE account_id = $1 AND device = $2`)
	qDeviceRemove    = db.SQL("member.deviceRemove", `DELETE FROM member_device WHERE account_id = $1 AND device = $2`)
	qDeviceRemoveAll = db.SQL("member.deviceRemoveAll", `DELETE FROM member_device WHERE account_id = $1`)

	qVault     = db.SQL("member.vault", `SELECT vault FROM member_account WHERE id = $1`)
	qMakeKeys  = db.SQL("member.makeKeys", `UPDATE member_account SET vault = $2, login_hash = $3, request_key = $4 WHERE id = $1 AND vault IS NULL`)
	qRequest   = db.SQL("member.request", `UPDATE member_account SET request_key = $2 WHERE id = $1 AND request_key = '' AND vault IS NOT NULL`)
	qVaultSwap = db.SQL("member.vaultSwap", `UPDATE member_account SET vault = $3 WHERE id = $1 AND vault = $2`)

	qPasskeyAdd = db.SQL("member.passkeyAdd", `INSERT INTO member_passkey (id, account_id, public_key, backup_eligible, transports, label)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qPasskeys = db.SQL("member.passkeys", `SELECT id, public_key, backup_eligible, transports, label FROM member_passkey
		WHERE account_id = $1 ORDER BY label, id`)
	qPasskey = db.SQL("member.passkey", `SELECT id, public_key, backup_eligible, transports, label, account_id FROM member_passkey
		WHERE id = $1`)
	qPasskeyRemove = db.SQL("member.passkeyRemove", `DELETE FROM member_passkey WHERE account_id = $1 AND id = $2`)

	qRecoveryAdd   = db.SQL("member.recoveryAdd", `INSERT INTO member_recovery (code_hash, account_id) VALUES ($1, $2)`)
	qRecoverySpend = db.SQL("member.recoverySpend", `DELETE FROM member_recovery WHERE code_hash = $1 RETURNING account_id`)
	qRecoveryLeft  = db.SQL("member.recoveryLeft", `SELECT count(*) FROM member_recovery WHERE account_id = $1`)
	qRecoveryClear = db.SQL("member.recoveryClear", `DELETE FROM member_recovery WHERE account_id = $1`)
	qCodeSet       = db.SQL("member.codeSet", `UPDATE member_account SET code_hash = $2 WHERE id = $1`)
)

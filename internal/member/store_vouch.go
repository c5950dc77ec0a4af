package member

import "guildhall/internal/db"

var (
	qStanding = db.SQL("member.standing", `INSERT INTO member_standing (account_id, joined_epoch, branch, vouches, founder, gave_1, gave_2)
		VALUES ($1, $2, '', 0, 0, 0, 0)`)
	qCredit  = db.SQL("member.credit", `SELECT joined_epoch, branch, vouches, founder, gave_1, gave_2 FROM member_standing WHERE account_id = $1`)
	qGive    = db.SQL("member.give", `UPDATE member_standing SET gave_1 = $4, gave_2 = $5 WHERE account_id = $1 AND gave_1 = $2 AND gave_2 = $3`)
	qVouched = db.SQL("member.vouched", `UPDATE member_standing SET branch = $3, vouches = vouches + 1 WHERE account_id = $1 AND vouches = $2 AND founder = 0`)
	qFound   = db.SQL("member.found", `UPDATE member_standing SET branch = $2, founder = 1 WHERE account_id = $1`)

	qSpend      = db.SQL("member.spend", `INSERT INTO member_spent (id) VALUES ($1) ON CONFLICT (id) DO NOTHING`)
	qBranches   = db.SQL("member.branches", `SELECT label FROM member_branch ORDER BY label`)
	qBranchMake = db.SQL("member.branchMake", `INSERT INTO member_branch (label) VALUES ($1)`)

	qBegin      = db.SQL("member.begin", `INSERT INTO member_founding (one, day, founders) VALUES (1, $1, 0) ON CONFLICT (one) DO NOTHING`)
	qFounding   = db.SQL("member.founding", `SELECT day, founders FROM member_founding WHERE one = 1`)
	qFounderAdd = db.SQL("member.founderAdd", `UPDATE member_founding SET founders = founders + 1 WHERE one = 1 AND founders < $1`)
)

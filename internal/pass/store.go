package pass

import "guildhall/internal/db"

var (
	qIssuer    = db.SQL("pass.issuer", `SELECT modulus, private, day, place FROM pass_issuer WHERE purpose = $1 AND space = $2 AND epoch = $3`)
	qIssuerAdd = db.SQL("pass.issuerAdd", `INSERT INTO pass_issuer (purpose, space, epoch, modulus, private, day, place)
		VALUES ($1, $2, $3, $4, $5, $6, -1) ON CONFLICT (purpose, space, epoch) DO NOTHING`)
	qIssuerPlace = db.SQL("pass.issuerPlace", `UPDATE pass_issuer SET place = $4 WHERE purpose = $1 AND space = $2 AND epoch = $3`)
	qIssuerClose = db.SQL("pass.issuerClose", `UPDATE pass_issuer SET private = $1 WHERE purpose <> 'right' AND epoch < $2 AND private <> $1`)
	qRights      = db.SQL("pass.rights", `SELECT epoch FROM pass_issuer WHERE purpose = 'right' AND space = $1 ORDER BY epoch`)

	qSeat    = db.SQL("pass.seat", `SELECT right_epoch, right_asked FROM pass_seat WHERE id = $1`)
	qSeatAdd = db.SQL("pass.seatAdd", `INSERT INTO pass_seat (id, face_id, right_epoch, right_asked)
		VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`)
	qSeatsOf    = db.SQL("pass.seatsOf", `SELECT id FROM pass_seat WHERE face_id = $1`)
	qRightsOf   = db.SQL("pass.rightsOf", `SELECT id, right_epoch FROM pass_seat WHERE face_id = $1`)
	qSeatForget = db.SQL("pass.seatForget", `DELETE FROM pass_seat WHERE face_id = $1`)

	qCountOne = db.SQL("pass.countOne", `INSERT INTO pass_count (space, week, branch, seats) VALUES ($1, $2, $3, 1)
		ON CONFLICT (space, week, branch) DO UPDATE SET seats = pass_count.seats + 1`)
	qCountWeek = db.SQL("pass.countWeek", `SELECT branch, seats FROM pass_count WHERE space = $1 AND week = $2`)
	qCountEver = db.SQL("pass.countEver", `SELECT branch, SUM(seats) FROM pass_count WHERE space = $1 GROUP BY branch`)
	// Week 0 is all the weeks that were added up.
	qCountMerge = db.SQL("pass.countMerge", `DELETE FROM pass_count WHERE week > 0 AND week < $1 RETURNING space, branch, seats`)
	qCountAdd   = db.SQL("pass.countAdd", `INSERT INTO pass_count (space, week, branch, seats) VALUES ($1, 0, $2, $3)
		ON CONFLICT (space, week, branch) DO UPDATE SET seats = pass_count.seats + $3`)
)

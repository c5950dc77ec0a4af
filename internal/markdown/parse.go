package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Limits of one text. What goes beyond them stays plain text.
const (
	maxNesting = 12   // quotes and list items inside each other
	maxMarks   = 1000 // brackets, stars and the like that one paragraph may use
	maxRefs    = 500  // lines of one block of link definitions
)

// grammar is CommonMark without raw HTML, with tables, strikethrough and bare
// addresses. It is shared by all: a goldmark parser keeps its state in a context.
var grammar = newGrammar()

func newGrammar() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(shallow{parser.NewListParser()}, 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(shallow{parser.NewBlockquoteParser()}, 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(newFrugal(parser.NewCodeSpanParser()), 100),
			util.Prioritized(newFrugal(parser.NewLinkParser()), 200),
			util.Prioritized(newFrugal(parser.NewAutoLinkParser()), 300),
			util.Prioritized(newFrugal(parser.NewEmphasisParser()), 500),
			util.Prioritized(newFrugal(extension.NewStrikethroughParser()), 500),
			util.Prioritized(extension.NewLinkifyParser(
				extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"})), 999),
		),
		parser.WithParagraphTransformers(
			util.Prioritized(fewReferences{parser.LinkReferenceParagraphTransformer}, 100),
			util.Prioritized(fairTable{extension.NewTableParagraphTransformer()}, 200),
		),
		parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
	)
}

func parse(src string) ast.Node {
	return grammar.Parse(text.NewReader([]byte(src)))
}

// shallow keeps a container from opening too deep inside others.
type shallow struct{ parser.BlockParser }

// Open refuses at the limit, so that the marker is read as text.
func (s shallow) Open(parent ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	depth := 0
	for n := parent; n != nil; n = n.Parent() {
		if k := n.Kind(); k == ast.KindBlockquote || k == ast.KindList {
			depth++
		}
	}
	if depth >= maxNesting {
		return nil, parser.NoChildren
	}
	return s.BlockParser.Open(parent, r, pc)
}

// marks counts what one block has used.
type marks struct {
	block ast.Node
	used  int
}

var marksKey = parser.NewContextKey()

// frugal lets an inline parser try at most maxMarks times in one block. Unclosed
// brackets and emphasis cost goldmark the square of their number.
type frugal struct {
	parser.InlineParser
	closer parser.CloseBlocker
}

func newFrugal(p parser.InlineParser) frugal {
	c, _ := p.(parser.CloseBlocker)
	return frugal{p, c}
}

// Parse spends one mark and then asks the parser; without a mark left it says
// that there is nothing.
func (f frugal) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	m, _ := pc.Get(marksKey).(*marks)
	if m == nil {
		m = &marks{}
		pc.Set(marksKey, m)
	}
	if m.block != parent {
		*m = marks{block: parent}
	}
	if m.used >= maxMarks {
		return nil
	}
	m.used++
	return f.InlineParser.Parse(parent, block, pc)
}

// CloseBlock tells the parser that its block is over.
func (f frugal) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	if f.closer != nil {
		f.closer.CloseBlock(parent, block, pc)
	}
}

// fewReferences leaves a long block of link definitions as text: goldmark looks
// through all of it again for each.
type fewReferences struct{ parser.ParagraphTransformer }

// Transform takes the definitions out of node.
func (f fewReferences) Transform(node *ast.Paragraph, r text.Reader, pc parser.Context) {
	if node.Lines().Len() <= maxRefs {
		f.ParagraphTransformer.Transform(node, r, pc)
	}
}

// fairTable refuses tables that have far more cells than were written: missing
// cells are filled in, and a wide head over short rows would fill the memory.
type fairTable struct{ parser.ParagraphTransformer }

// Transform makes a table of node if it is one.
func (f fairTable) Transform(node *ast.Paragraph, r text.Reader, pc parser.Context) {
	lines, written, columns := node.Lines(), 0, 0
	for i := range lines.Len() {
		seg := lines.At(i)
		n := bytes.Count(seg.Value(r.Source()), []byte{'|'})
		written += n
		columns = max(columns, n+1)
	}
	if written == 0 || columns*lines.Len() > 3*written+32 {
		return
	}
	f.ParagraphTransformer.Transform(node, r, pc)
}

package babble

import (
	"math"
	"math/rand/v2"
	"strings"
	"sync"
)

// Size is how many different words there are.
const Size = 45_000

// common are the words that hold sentences together, the most frequent first,
// and after them what freelancers talk about. They stand at the head of the
// vocabulary.
const common = `the to of and a in is it that for you on with as was be this are have not they we or from at by one all
but what can there an were when your which their if will do how said each time about would them then so some her like him
into has look two more write go see no way could people my than first been who now find long down day did get come made may
part over new after where most know little only work year back give also through our even must such because any same here
why again off went old great tell want mine since before too much well still own might each while few found those never under
client invoice contract platform message answer question price rate hour week month call offer fee terms account project deadline
proposal review reply notice calendar meeting file draft word page screen payment bank currency tax agency translator editor
designer writer developer subtitle recording microphone schedule zone holiday budget portfolio sample milestone dispute support
ticket profile score level badge search list link address phone mail letter copy change rule reason warning limit strike suspended
waiting paid unpaid late early quick slow honest fair clear plain strange useful careful quiet loud cheap dear empty full`

// vocabulary is the words by rank, and for drawing one a table in which each
// stands as often as it should be drawn.
type vocabulary struct {
	words []string
	draw  []uint16 // indices into words; its length is a power of two
}

var words = sync.OnceValue(newVocabulary)

const drawBits = 20

func newVocabulary() *vocabulary {
	v := &vocabulary{words: make([]string, 0, Size), draw: make([]uint16, 0, 1<<drawBits)}
	seen := make(map[string]bool, Size)
	add := func(w string) {
		if !seen[w] && len(v.words) < Size {
			seen[w] = true
			v.words = append(v.words, w)
		}
	}
	for _, w := range strings.Fields(common) {
		add(w)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for len(v.words) < Size {
		add(invent(r, 2+min(r.IntN(3), len(v.words)/4_000)))
	}
	total := 0.0
	for i := range v.words {
		total += weight(i)
	}
	// Rounding up gives every word at least one place.
	for i := range v.words {
		places := int(math.Ceil(weight(i) / total * (1<<drawBits - Size)))
		for range places {
			if len(v.draw) < 1<<drawBits {
				v.draw = append(v.draw, uint16(i))
			}
		}
	}
	for i := 0; len(v.draw) < 1<<drawBits; i++ {
		v.draw = append(v.draw, uint16(i%64))
	}
	return v
}

// weight is how often the word of a rank is said: Zipf's law, as Mandelbrot
// mended it.
func weight(rank int) float64 { return 1 / (float64(rank) + 2.7) }

const (
	onsets = "b c d f g h l m n p r s t v br cl cr dr fl gr pl pr sh sl st th tr ch sp"
	vowels = "a a e e i i o o u ai ea io ou"
	codas  = "        n r s l m t nd st rn"
)

var (
	onset = strings.Fields(onsets)
	vowel = strings.Fields(vowels)
	coda  = strings.Split(codas, " ")
)

// invent makes a word of syllables that could be English or Latin.
func invent(r *rand.Rand, syllables int) string {
	var b strings.Builder
	for range syllables {
		b.WriteString(onset[r.IntN(len(onset))])
		b.WriteString(vowel[r.IntN(len(vowel))])
	}
	b.WriteString(coda[r.IntN(len(coda))])
	return b.String()
}

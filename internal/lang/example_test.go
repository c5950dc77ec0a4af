package lang_test

import (
	"fmt"
	"time"

	"guildhall/internal/lang"
)

func Example() {
	l := lang.Match("es-MX,es;q=0.9,en;q=0.5")
	fmt.Println(l.Tag(), l.Dir(), l.Name())
	fmt.Println(l.T("shell.page.of", 2, 21))
	fmt.Println(l.N("fault.wait_minutes", 1))
	fmt.Println(l.N("fault.wait_minutes", 5))
	fmt.Println(l.Date(time.Date(2020, 6, 26, 0, 0, 0, 0, time.UTC), nil))
	fmt.Println(l.List([]string{"avisos", "llamadas", "idiomas"}))
	// Output:
	// es ltr Español
	// Página 2 de 21
	// Espera 1 minuto y vuelve a intentarlo.
	// Espera 5 minutos y vuelve a intentarlo.
	// 26 de junio de 2020
	// avisos, llamadas e idiomas
}

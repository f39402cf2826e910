package fold

// Distance counts the slips between two words: letters added, dropped or changed, and
// neighbours swapped (optimal string alignment). Its cost is the product of the lengths.
func Distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			rows[i][j] = cheapest(rows, x, y, i, j)
		}
	}
	return rows[len(x)][len(y)]
}

func cheapest(rows [][]int, x, y []rune, i, j int) int {
	change := rows[i-1][j-1]
	if x[i-1] != y[j-1] {
		change++
	}
	best := min(change, rows[i-1][j]+1, rows[i][j-1]+1)
	if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
		best = min(best, rows[i-2][j-2]+1)
	}
	return best
}

"""The course's colours, on light and on dark ground."""

# Okabe and Ito's hues (2008), told apart with any colour vision, darkened until each has 4.5:1 on
# white. Lines differ in dash or marker as well: nothing is said by colour alone.
BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#946300", "#007D5B", "#C24E00"
PURPLE, SKY, BLACK, GREY = "#AA4A80", "#007A9B", "#000000", "#595959"
GRID, PALE = "#d9d9d9", "#bbbbbb"
# COLOURS, made pale for areas, and as pale on dark ground.
TINTS = {"#cfe3f1": "#16384d", "#f6d9c8": "#4d2a14", "#c8e8dd": "#0f4033", "#f3e0ea": "#452536"}
# Each colour of the course and the one that stands for it on dark ground.
DARK = {
    "#ffffff": ("ground", "#111111"),
    BLACK: ("ink", "#f2f2f2"),
    GREY: ("grey", "#ababab"),
    BLUE: ("blue", "#5bb4eb"),
    ORANGE: ("orange", "#e3a72f"),
    GREEN: ("green", "#2dc79c"),
    VERMILION: ("vermilion", "#ff8a4c"),
    PURPLE: ("purple", "#e88cc0"),
    SKY: ("sky", "#7fe3e0"),
    GRID: ("grid", "#3a3a3a"),
    PALE: ("pale", "#6a6a6a"),
    "#cccccc": ("frame", "#555555"),
    **{tint: (f"tint{k}", dark) for k, (tint, dark) in enumerate(TINTS.items())},
}

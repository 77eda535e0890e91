"""Text in SVG, drawn once: an explorer's next picture has most words where the last one had them.

Measuring and drawing text takes most of a picture's time. A piece of text that was drawn in this
size, place and colour is written again as it was; each glyph's outline stands once, at the end.
"""

import hashlib
import re
from functools import lru_cache
from io import StringIO

from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.path import Path

MANY = 20_000  # pieces of text, of which all are forgotten when there are more
USED = re.compile(r'xlink:href="#([^"]+)"')
_pieces, _glyphs, _outlines = {}, {}, {}


class CachedTextRenderer(RendererSVG):
    """Matplotlib's renderer of SVG with a memory for text, which all pictures share."""

    def __init__(self, width, height, buffer, **options):
        super().__init__(width, height, buffer, **options)
        self.buffer, self._glyph_map = buffer, _glyphs

    def get_text_width_height_descent(self, s, prop, ismath):
        return _measured(s, prop.copy(), bool(ismath) and str(ismath))

    def _update_glyph_map_defs(self, glyph_map_new):
        for name, (vertices, codes) in glyph_map_new.items():
            name = self._adjust_glyph_repr(name)
            outline = self._convert_path(Path(vertices * 64, codes), simplify=False)
            _outlines[name] = f'<path id="{name}" d="{outline}" transform="scale(0.015625)"/>'
        _glyphs.update(glyph_map_new)

    def _draw_text_as_path(self, gc, x, y, s, prop, angle, ismath, mtext=None):
        look = (gc.get_rgb(), gc.get_alpha(), gc.get_forced_alpha())
        key = (s, hash(prop), round(x, 3), round(y, 3), angle, str(ismath), look)
        self.writer.comment("")  # writes what is still to be written
        if key in _pieces:
            self.buffer.write(_pieces[key])
            return
        start = self.buffer.tell()
        super()._draw_text_as_path(gc, x, y, s, prop, angle, ismath, mtext=mtext)
        if len(_pieces) > MANY:
            _pieces.clear()
        _pieces[key] = self.buffer.getvalue()[start:]

    def open_group(self, s, gid=None):
        self.writer.start("g")  # no counted name: a part is the same text wherever it stands

    def _get_clippath_id(self, clippath):
        return hashlib.sha256(clippath.vertices.tobytes()).hexdigest()

    def recorded(self, draw):
        """Return what drawing writes: its text, and the clips and hatches that it names."""
        outside = [self._clipd, self._hatchd, self._markers]
        self._clipd, self._hatchd, self._markers = {}, {}, {}  # it brings its own
        self.writer.comment("")
        start = self.buffer.tell()
        draw()
        self.writer.comment("")
        self.buffer.seek(start)
        text, clips, hatches = self.buffer.read(), self._clipd, self._hatchd
        self.buffer.seek(start)
        self.buffer.truncate()
        self._clipd, self._hatchd, self._markers = outside
        return text, clips, hatches

    def write(self, part):
        """Write what was `recorded`."""
        text, clips, hatches = part
        self.writer.comment("")
        self.buffer.write(text)
        self._clipd.update(clips)
        self._hatchd.update(hatches)


_measure = RendererSVG(1, 1, StringIO()).get_text_width_height_descent


@lru_cache(maxsize=MANY)
def _measured(s, prop, ismath):
    """Measure text, which is as large in every picture: all have 72 dots an inch."""
    return _measure(s, prop, ismath)


def outlines(svg):
    """Return the definitions of the glyphs that an SVG uses."""
    names = dict.fromkeys(USED.findall(svg))
    return "\n".join(
        ["<defs>", *(_outlines[name] for name in names if name in _outlines), "</defs>\n"]
    )

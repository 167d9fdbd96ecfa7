"""A page's form as a browser would send it: what its fields hold, changed by name."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    """The fields of the form with a class, in their order."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted, self.inside = wanted, False
        self.fields: list[tuple[str, str]] = []
        self.buttons: list[str] = []
        self.select, self.area = None, None
        self.option: str | None = None

    def handle_starttag(self, tag, found):
        told = dict(found)
        if tag == "form":
            self.inside = self.wanted in (told.get("class") or "").split()
        if not self.inside:
            return
        name, value = told.get("name"), told.get("value")
        if tag == "button" and name == "do":
            self.buttons.append(value)
        elif tag == "input" and name:
            kind = told.get("type", "text")
            if kind == "file" or (kind in ("checkbox", "radio") and "checked" not in told):
                return
            self.fields.append((name, "on" if kind == "checkbox" and value is None else value or ""))
        elif tag == "select" and name:
            self.select = [name, None, None]
        elif tag == "option" and self.select:
            if self.select[1] is None:
                self.select[1] = value
            if "selected" in told:
                self.select[2] = value
        elif tag == "textarea" and name:
            self.area = [name, ""]

    def handle_data(self, data):
        if self.area:
            self.area[1] += data

    def handle_endtag(self, tag):
        if tag == "select" and self.select:
            name, first, chosen = self.select
            self.fields.append((name, chosen if chosen is not None else first or ""))
            self.select = None
        elif tag == "textarea" and self.area:
            self.fields.append((self.area[0], self.area[1].removeprefix("\n")))
            self.area = None
        elif tag == "form":
            self.inside = False


class EditorPage:
    """The offer's editor at the end of a client."""

    def __init__(self, client, code):
        self.client, self.address = client, f"/admin/bundles/offer/{code}/edit/"
        self._read(client.get(self.address))

    def _read(self, answer):
        if answer.status_code == 302:
            answer = self.client.get(answer["Location"])
        assert answer.status_code == 200, answer.status_code
        self.answer = answer
        self.text = answer.content.decode()
        reader = _Fields("offer")
        reader.feed(self.text)
        self.buttons = reader.buttons
        self.data: dict[str, list[str]] = {}
        for name, value in reader.fields:
            self.data.setdefault(name, []).append(value)

    def press(self, button, *, shown=True, **typed):
        """Press a button after typing into fields; `__` stands for the dots of their names."""
        assert not shown or button in self.buttons, (button, self.buttons)
        data = {name: list(values) for name, values in self.data.items()}
        for name, value in typed.items():
            key = name.replace("__", ".")
            assert not shown or key in data or isinstance(value, list), (key, sorted(data))
            data[key] = value if isinstance(value, list) else [value]
        self._read(self.client.post(self.address, data | {"do": button}))
        return self

    @property
    def said(self):
        return self.answer.context["says"]

    @property
    def problems(self):
        return {problem.path: str(problem.message) for _node, problem in self.answer.context["problems"]}

    @property
    def document(self):
        return self.answer.context["state"].document

    @property
    def tried(self):
        return self.answer.context.get("tried")

    @property
    def wrong_fields(self):
        """What is told at each field of the part that is shown."""
        inputs = [
            each
            for block in self.answer.context["blocks"]
            for each in (*block.inputs, *(one for part in block.lists for entry in part.entries
                                          for one in (*entry.inputs, *entry.conditions)))
        ]  # fmt: skip
        return {each.name: each.wrong for each in inputs if each.wrong}

"""Reads a pickle as data: nothing that it names is looked up, imported or called.

A pickle is a program for a small stack machine, and Python's own reader runs what the program
names. This reader only notes down that a function was named and called with something. What a
program may name at all is a short list of the caller's; anything else is refused by its name.
"""

import codecs
import pickletools
import struct
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from generation.refusal import Refused

MAX_OPERATIONS = 1_000_000
KEYS = (str, int, float, bool, bytes, type(None))
DAMAGED = (
    IndexError,
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    OverflowError,
    struct.error,
)


@dataclass(frozen=True)
class Named:
    """A function or class that a pickle names."""

    name: str  # With its module: "collections.OrderedDict".


@dataclass(eq=False)
class Made:
    """What a pickle asks to be made by calling something, and what it then puts into it."""

    by: str
    arguments: tuple[Any, ...]
    items: dict[Any, Any] = field(default_factory=dict)
    elements: list[Any] = field(default_factory=list)
    state: Any = None


@dataclass(eq=False)
class Stored:
    """Something that a pickle says lies outside of it, under a reference."""

    reference: Any


def read_pickle(file: BinaryIO, *, may_name: Container[str], may_refer: bool = False) -> Any:
    """What the pickle at the file's place describes, made of plain values, Named, Made and Stored.

    file: should hold its bytes in memory, so that a length that lies asks for no more than there
    is. may_name: the functions and classes that it may name. may_refer: whether it may refer to
    things outside of it. Raises Refused for anything else and for a damaged pickle.
    """
    machine = _Machine(may_name, may_refer)
    try:
        for number, (operation, argument, _) in enumerate(pickletools.genops(file)):
            if number > MAX_OPERATIONS:
                raise Refused("This file is no network: it has too many parts.")
            machine.run(operation.name, argument)
        return machine.result()
    except DAMAGED as error:
        raise Refused(
            "This file is no StyleGAN pickle, or it is damaged or cut short. Fetch it once more."
        ) from error


class _Machine:
    """The stack machine of a pickle, which never calls anything."""

    def __init__(self, may_name: Container[str], may_refer: bool) -> None:
        self._may_name, self._may_refer = may_name, may_refer
        self._stack: list[Any] = []
        self._marks: list[list[Any]] = []  # Stacks that were set aside by a mark.
        self._memo: dict[int, Any] = {}

    def run(self, operation: str, argument: Any) -> None:
        """Do one operation of the pickle. Raises one of DAMAGED where it cannot be done."""
        if operation in _IGNORED:
            return
        if operation in _VALUES:
            self._stack.append(argument)
        elif operation in _CONSTANTS:
            self._stack.append(_CONSTANTS[operation]())
        elif operation in _STEPS:
            _STEPS[operation](self, argument)
        else:
            raise Refused(
                "This file uses “{operation}”, an operation that no network needs. Nothing of it"
                " was run.",
                operation=operation,
            )

    def result(self) -> Any:
        (found,) = self._stack
        return found

    def _marked(self) -> list[Any]:
        """What was put onto the stack since the last mark, which is taken away."""
        found, self._stack = self._stack, self._marks.pop()
        return found

    def mark(self, argument: Any) -> None:
        self._marks.append(self._stack)
        self._stack = []

    def pop(self, argument: Any) -> None:
        if self._stack:
            self._stack.pop()
        else:
            self._stack = self._marks.pop()

    def pop_mark(self, argument: Any) -> None:
        self._marked()

    def duplicate(self, argument: Any) -> None:
        self._stack.append(self._stack[-1])

    def put(self, argument: Any) -> None:
        # A dictionary: a huge number costs no more than a small one.
        self._memo[len(self._memo) if argument is None else int(argument)] = self._stack[-1]

    def get(self, argument: Any) -> None:
        self._stack.append(self._memo[int(argument)])

    def some_tuple(self, count: int) -> None:
        parts = [self._stack.pop() for _ in range(count)]
        self._stack.append(tuple(reversed(parts)))

    def marked_tuple(self, argument: Any) -> None:
        found = tuple(self._marked())
        self._stack.append(found)

    def marked_list(self, argument: Any) -> None:
        found = self._marked()
        self._stack.append(found)

    def marked_dict(self, argument: Any) -> None:
        found = self._marked()
        self._stack.append({})
        self._set_items(found)

    def append(self, argument: Any) -> None:
        self._add([self._stack.pop()])

    def appends(self, argument: Any) -> None:
        self._add(self._marked())

    def set_item(self, argument: Any) -> None:
        value = self._stack.pop()
        self._set_items([self._stack.pop(), value])

    def set_items(self, argument: Any) -> None:
        self._set_items(self._marked())

    def name(self, argument: Any) -> None:
        module, name = argument.split(" ", 1)
        self._name(module, name)

    def name_from_stack(self, argument: Any) -> None:
        name, module = self._stack.pop(), self._stack.pop()
        self._name(module, name)

    def call(self, argument: Any) -> None:
        arguments, by = self._stack.pop(), self._stack.pop()
        self._make(by, arguments)

    def call_with_keywords(self, argument: Any) -> None:
        keywords = self._stack.pop()
        if keywords != {}:
            raise TypeError("Nothing that networks hold is made with keywords.")
        self.call(argument)

    def build(self, argument: Any) -> None:
        state = self._stack.pop()
        if not isinstance(self._stack[-1], Made):
            raise TypeError("Only what was made can be given a state.")
        self._stack[-1].state = state

    def refer(self, argument: Any) -> None:
        if not self._may_refer:
            raise Refused(
                "This file refers to things outside of it, as no network does. Nothing of it was"
                " run."
            )
        self._stack.append(Stored(self._stack.pop()))

    def _name(self, module: Any, name: Any) -> None:
        if not isinstance(module, str) or not isinstance(name, str):
            raise TypeError("A name is a text.")
        whole = f"{module}.{name}"
        if whole not in self._may_name:
            _refuse(whole)
        self._stack.append(Named(whole))

    def _make(self, by: Any, arguments: Any) -> None:
        if not isinstance(by, Named) or not isinstance(arguments, tuple):
            raise TypeError("Only what was named can be called.")
        if by.name == "_codecs.encode":  # How old pickles spell bytes.
            text, encoding = arguments
            if encoding not in ("latin1", "latin-1") or not isinstance(text, str):
                raise ValueError("Bytes are spelt in Latin-1.")
            self._stack.append(codecs.latin_1_encode(text)[0])
        else:
            self._stack.append(Made(by.name, arguments))

    def _add(self, parts: list[Any]) -> None:
        target = self._stack[-1]
        if isinstance(target, Made):
            target = target.elements
        if not isinstance(target, list):
            raise TypeError("Only a list grows.")
        target.extend(parts)

    def _set_items(self, parts: list[Any]) -> None:
        target = self._stack[-1]
        if isinstance(target, Made):
            target = target.items
        for key, value in zip(parts[::2], parts[1::2], strict=True):
            # The hash of nested tuples can take for ever, so plain values alone are keys.
            if not isinstance(key, KEYS):
                raise TypeError("A key is a plain value.")
            target[key] = value


def _refuse(whole: str) -> None:
    if whole.startswith("dnnlib.tflib"):
        raise Refused(
            "This is a network of the TensorFlow version of StyleGAN. Convert it with legacy.py of"
            " the PyTorch version first."
        )
    raise Refused(
        "This file asks for “{name}”, which no StyleGAN network needs. Nothing of it was run.",
        name=whole[:80],
    )


_IGNORED = {"PROTO", "FRAME", "STOP"}
_VALUES = {
    *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
    *("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "SHORT_BINUNICODE", "BINUNICODE"),
    *("BINUNICODE8", "SHORT_BINBYTES", "BINBYTES", "BINBYTES8"),
}
_CONSTANTS: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_LIST": list,
    "EMPTY_TUPLE": tuple,
    "EMPTY_DICT": dict,
    "EMPTY_SET": list,  # Nobody asks a set of a network for more than its elements.
}
_STEPS: dict[str, Callable[[_Machine, Any], None]] = {
    "MARK": _Machine.mark,
    "POP": _Machine.pop,
    "POP_MARK": _Machine.pop_mark,
    "DUP": _Machine.duplicate,
    "PUT": _Machine.put,
    "BINPUT": _Machine.put,
    "LONG_BINPUT": _Machine.put,
    "MEMOIZE": _Machine.put,
    "GET": _Machine.get,
    "BINGET": _Machine.get,
    "LONG_BINGET": _Machine.get,
    "TUPLE": _Machine.marked_tuple,
    "TUPLE1": lambda machine, _: machine.some_tuple(1),
    "TUPLE2": lambda machine, _: machine.some_tuple(2),
    "TUPLE3": lambda machine, _: machine.some_tuple(3),
    "LIST": _Machine.marked_list,
    "FROZENSET": _Machine.marked_list,
    "DICT": _Machine.marked_dict,
    "APPEND": _Machine.append,
    "APPENDS": _Machine.appends,
    "ADDITEMS": _Machine.appends,
    "SETITEM": _Machine.set_item,
    "SETITEMS": _Machine.set_items,
    "GLOBAL": _Machine.name,
    "STACK_GLOBAL": _Machine.name_from_stack,
    "REDUCE": _Machine.call,
    "NEWOBJ": _Machine.call,
    "NEWOBJ_EX": _Machine.call_with_keywords,
    "BUILD": _Machine.build,
    "BINPERSID": _Machine.refer,
}

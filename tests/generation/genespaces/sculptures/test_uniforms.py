"""The numbers for the browser's shader; tests/journeys/test_solids.py compares its pictures."""

import re

import numpy as np
import pytest

from generation.genespaces.sculptures.plan import read_plan
from generation.genespaces.sculptures.sampling import draw_genes
from generation.genespaces.sculptures.uniforms import uniforms_of
from generation.refusal import Refused
from tests.shared import ROOT


def test_the_shader_has_room_for_every_number_and_no_more():
    source = (ROOT / "static/shaders/sculptures.frag.glsl").read_text()
    (count,) = re.findall(r"uniform float P\[(\d+)\]", source)
    found = uniforms_of(draw_genes(np.random.default_rng(1)))
    assert len(found) == int(count) and np.isfinite(found).all()


def test_they_begin_with_what_people_turn():
    genes = draw_genes(np.random.default_rng(2))
    plan = read_plan(genes)
    turned = [plan.yaw, plan.pitch, plan.zoom, plan.light_yaw, plan.light_height]
    assert uniforms_of(genes)[:5] == turned


def test_genes_of_another_species_are_refused():
    with pytest.raises(Refused):
        uniforms_of(np.zeros(5, np.float32))

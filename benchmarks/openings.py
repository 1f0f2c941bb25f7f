#!/usr/bin/env python3
"""What it costs that a sentence is not cut in the middle of a clause: the time to the first sound.

Asks a running server: openings.py http://127.0.0.1:8000 MODEL VOICE [ROUNDS]. Ten openings of an
assistant, each longer than 100 characters, take turns with their first 100 characters (cut at a
space, where a first chunk ended before) and with their first sentence alone in front of a long
text. Prints medians in milliseconds and the ratios, which also mean something while others
compute.
"""

import json
import random
import statistics
import sys
import time
import urllib.request

OPENINGS = [
    "To cook perfect pasta you should bring a large pot of salted water to a boil before taking the noodles out of the packet.",
    "Sure, I can help you with that, and the first thing to look at is how your savings have grown over the last few years.",
    "Photosynthesis is the process by which green plants turn sunlight into the chemical energy needed to power their cells.",
    "The main difference between these two laptops is the weight of the case and the number of hours the battery will last.",
    "Great question! There are several reasons why so many people have become interested in renewable energy over the years.",
    "When you plan a trip to Japan in the spring, it is a good idea to book your hotel rooms at least three months earlier.",
    "The fastest way to get from the airport to the centre of the city is the express train that leaves every fifteen minutes.",
    "Here is a short summary of the article that you sent me about the history of the railway in the north of the country.",
    "If the engine does not start, you should first check the battery and then the cables that lead from it to the starter.",
    "Learning a new language takes time because the brain has to build new paths between sounds and meanings and the grammar.",
]
MORE = " " + " ".join(OPENINGS)


def first_sound(url, model, voice, text):
    body = {"model": model, "voice": voice, "input": text, "response_format": "pcm"}
    request = urllib.request.Request(
        url + "/v1/audio/speech", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    start = time.perf_counter()
    with urllib.request.urlopen(request) as answer:
        answer.read(1)
        return (time.perf_counter() - start) * 1000  # leaving ends the speech


def main():
    url, model, voice = sys.argv[1:4]
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    cut = [text[: text.rfind(" ", 0, 101)] for text in OPENINGS]
    times = {"whole": [], "cut": [], "long": []}
    ratios = {"whole": [], "long": []}
    first_sound(url, model, voice, "Hello.")
    for _ in range(rounds):
        for text, former in zip(OPENINGS, cut):
            turns = [("cut", former), ("whole", text), ("long", text + MORE)]
            random.shuffle(turns)
            now = {way: first_sound(url, model, voice, said) for way, said in turns}
            for way, milliseconds in now.items():
                times[way].append(milliseconds)
            ratios["whole"].append(now["whole"] / now["cut"])
            ratios["long"].append(now["long"] / now["whole"])
    print(
        json.dumps(
            {
                "model": model,
                "rounds": rounds,
                "first_100_characters_ms": round(statistics.median(times["cut"])),
                "opening_ms": round(statistics.median(times["whole"])),
                "opening_to_first_100_characters": round(statistics.median(ratios["whole"]), 2),
                "long_text_to_opening": round(statistics.median(ratios["long"]), 2),
            }
        )
    )


if __name__ == "__main__":
    main()

package dev.parlo.engine.text.verbalize;

import java.util.Set;

/**
 * Guesses the gender of a noun that is counted, by its ending and a few words that have another
 * one. Only languages are known in which numbers follow it. Immutable.
 */
final class Genders {
    private static final Set<String> MEN =
            Set.of(
                    // Spanish and Portuguese words from Greek, and days
                    "día",
                    "días",
                    "dia",
                    "dias",
                    "mapa",
                    "mapas",
                    "tema",
                    "temas",
                    "problema",
                    "problemas",
                    "programa",
                    "programas",
                    "sistema",
                    "sistemas",
                    "idioma",
                    "idiomas",
                    "planeta",
                    "planetas",
                    "poema",
                    "poemas",
                    "clima",
                    "climas",
                    "kilogramas",
                    "gramas",
                    "quilogramas",
                    "turistas",
                    "artistas",
                    "atletas");
    private static final Set<String> WOMEN =
            Set.of(
                    "heure",
                    "heures",
                    "fois",
                    "page",
                    "pages",
                    "personne",
                    "personnes",
                    "année",
                    "années",
                    "minute",
                    "minutes",
                    "seconde",
                    "secondes",
                    "semaine",
                    "semaines",
                    "maison",
                    "maisons",
                    "femme",
                    "femmes",
                    "fille",
                    "filles",
                    "voiture",
                    "voitures",
                    "ville",
                    "villes",
                    "question",
                    "questions",
                    "chose",
                    "choses",
                    "partie",
                    "parties",
                    "étape",
                    "étapes",
                    "ligne",
                    "lignes",
                    "place",
                    "places",
                    "chambre",
                    "chambres",
                    "rue",
                    "rues",
                    "livres",
                    "journée",
                    "journées",
                    "tasse",
                    "tasses",
                    "cuillère",
                    "cuillères",
                    "tonne",
                    "tonnes",
                    "lettre",
                    "lettres",
                    "image",
                    "images",
                    "pièce",
                    "pièces",
                    "table",
                    "tables",
                    "équipe",
                    "équipes",
                    "mujer",
                    "mujeres",
                    "noche",
                    "noches",
                    "vez",
                    "veces",
                    "calle",
                    "calles",
                    "mulher",
                    "mulheres",
                    "noite",
                    "noites",
                    "vezes",
                    "mão",
                    "mãos",
                    "manos",
                    "mano",
                    "luces",
                    "llaves",
                    "clases",
                    "clase",
                    "parte",
                    "partes",
                    "notte",
                    "notti",
                    "volta",
                    "volte",
                    "parti",
                    "chiave",
                    "chiavi",
                    "ore");

    /** Or neuter. */
    private static final Set<String> GERMAN_MEN =
            Set.of(
                    "name",
                    "junge",
                    "kunde",
                    "löwe",
                    "affe",
                    "hase",
                    "käse",
                    "neffe",
                    "buchstabe",
                    "gedanke",
                    "ende",
                    "auge",
                    "interesse",
                    "gebäude");

    private static final Set<String> GERMAN_WOMEN =
            Set.of(
                    "person",
                    "frau",
                    "stadt",
                    "nacht",
                    "hand",
                    "mutter",
                    "tochter",
                    "schwester",
                    "regel",
                    "zahl",
                    "zeit",
                    "art",
                    "insel",
                    "tür",
                    "wand");

    private final String language;

    Genders(String language) {
        this.language = language;
    }

    boolean feminine(String noun) {
        if (MEN.contains(noun)) {
            return false;
        }
        if (WOMEN.contains(noun)) {
            return true;
        }
        return switch (language) {
            case "es" -> ends(noun, "a", "as", "ción", "ciones", "sión", "siones", "dad", "dades");
            case "pt" ->
                    ends(
                            noun, "a", "as", "ção", "ções", "são", "sões", "dade", "dades", "gem",
                            "gens");
            case "de" ->
                    GERMAN_WOMEN.contains(noun)
                            || !GERMAN_MEN.contains(noun)
                                    && ends(
                                            noun, "e", "ung", "heit", "keit", "schaft", "ion",
                                            "tät", "ik", "erei");
            case "it" -> ends(noun, "a", "zione", "zioni", "sione", "tà");
            case "fr" ->
                    ends(
                            noun, "tion", "tions", "sion", "sions", "ette", "ettes", "ance",
                            "ances", "ence", "ences", "ité", "ités", "ée", "ées");
            default -> false;
        };
    }

    private static boolean ends(String noun, String... endings) {
        for (String ending : endings) {
            if (noun.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }
}

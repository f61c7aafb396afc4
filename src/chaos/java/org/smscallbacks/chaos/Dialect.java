package org.smscallbacks.chaos;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** How each provider tells of some messages: every item is one event, with an id of its own. */
enum Dialect {
    INFOBIP("infobip", 20, Integer.MAX_VALUE) {
        @Override
        HttpRequest.Builder callback(String url, List<String> ids, Random random) {
            return post(
                    url,
                    ids.stream()
                            .map(id -> random.nextInt(5) == 0
                                    ? "{\"messageId\":\"%s\",\"from\":\"385915550%03d\",\"to\":\"ACME\",\"text\":\"%s\",\"receivedAt\":\"2026-03-29T10:15:02.121+0000\"}"
                                            .formatted(
                                                    id, random.nextInt(1000), TEXTS.get(random.nextInt(TEXTS.size())))
                                    : "{\"messageId\":\"%s\",\"to\":\"385915550%03d\",\"status\":{\"id\":%d,\"groupId\":%d,\"groupName\":\"%s\",\"name\":\"%s\"},\"doneAt\":\"2026-03-29T10:15:04.900+0000\"}"
                                            .formatted(
                                                    id,
                                                    random.nextInt(1000),
                                                    random.nextBoolean() ? 5 : 3,
                                                    random.nextBoolean() ? 3 : 1,
                                                    random.nextBoolean() ? "DELIVERED" : "PENDING",
                                                    random.nextBoolean()
                                                            ? "DELIVERED_TO_HANDSET"
                                                            : "PENDING_WAITING_DELIVERY"))
                            .collect(Collectors.joining(",", "{\"results\":[", "]}")));
        }
    },
    BULKGATE("bulkgate", 20, Integer.MAX_VALUE) {
        @Override
        HttpRequest.Builder callback(String url, List<String> ids, Random random) {
            return post(
                    url,
                    ids.stream()
                            .map(id ->
                                    "{\"status\":\"%d\",\"smsID\":\"%s\",\"to\":\"420777000%03d\",\"date\":\"2603291259;2603291301\"}"
                                            .formatted(random.nextInt(4), id, random.nextInt(1000)))
                            .collect(Collectors.joining(",", "[", "]")));
        }
    },
    WEBCOM_MOBI("webcom-mobi", 20, 5) {
        @Override
        HttpRequest.Builder callback(String url, List<String> ids, Random random) {
            return post(
                    url,
                    ids.stream()
                            .map(id ->
                                    "<state id_sms=\"%s\" time=\"2024-03-10 12:57:41\" sms=\"deliver\">deliver</state>"
                                            .formatted(id))
                            .collect(Collectors.joining("", "<?xml version=\"1.0\"?><request>", "</request>")));
        }
    },
    TWILIO("twilio", 1, 1) {
        @Override
        HttpRequest.Builder callback(String url, List<String> ids, Random random) {
            return post(
                    url,
                    "MessageSid=%s&MessageStatus=%s&To=%%2B447700900123"
                            .formatted(ids.get(0), random.nextBoolean() ? "delivered" : "sent"));
        }
    },
    VONAGE("vonage", 1, Integer.MAX_VALUE) {
        @Override
        HttpRequest.Builder callback(String url, List<String> ids, Random random) {
            return HttpRequest.newBuilder(URI.create(url
                    + "&messageId=%s&msisdn=447700900123&to=ACME&status=%s&scts=2602031415"
                            .formatted(ids.get(0), random.nextBoolean() ? "delivered" : "buffered")));
        }
    },
    KANNEL("kannel", 1, 1) {
        @Override
        HttpRequest.Builder callback(String url, List<String> ids, Random random) {
            return HttpRequest.newBuilder(URI.create(url
                    + "&id=%s&status=%d&ts=1770128160&to=%%2B447700900123"
                            .formatted(ids.get(0), random.nextBoolean() ? 1 : 8)));
        }
    },
    JASMIN("jasmin", 1, 4) {
        @Override
        HttpRequest.Builder callback(String url, List<String> ids, Random random) {
            return post(
                    url,
                    "id=%s&level=2&message_status=%s&connector=0001&id_smsc=0001&sub=001&dlvrd=001&subdate=2602031415&donedate=2602031416&err=000&text="
                            .formatted(ids.get(0), random.nextBoolean() ? "DELIVRD" : "UNDELIV"));
        }
    };

    /** Short ones, one that does not fit into a page of the journal, and what is hard to encode. */
    private static final List<String> TEXTS =
            List.of("YES", "Přijdu v 8", "\\ud83d\\ude00", "x".repeat(150_000), "\\ud83d");

    private final String provider;
    private final int largest;
    private final int attempts;

    Dialect(String provider, int largest, int attempts) {
        this.provider = provider;
        this.largest = largest;
        this.attempts = attempts;
    }

    String provider() {
        return provider;
    }

    /** How many events one callback can have. */
    int largest() {
        return largest;
    }

    /** How often it sends a callback that is not acknowledged. */
    int attempts() {
        return attempts;
    }

    /** A callback with one event for each id. */
    abstract HttpRequest.Builder callback(String url, List<String> ids, Random random);

    private static HttpRequest.Builder post(String url, String body) {
        return HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.ofString(body));
    }
}

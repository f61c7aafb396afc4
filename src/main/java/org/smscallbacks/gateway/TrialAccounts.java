package org.smscallbacks.gateway;

import org.smscallbacks.config.Account;
import org.smscallbacks.config.AddressRanges;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Credentials;
import org.smscallbacks.config.Settings;

/** The accounts that callbacks are tried for. */
final class TrialAccounts {

    /** Of a provider that is being made, say. */
    private static final String NOBODYS = "none";

    private final Settings settings;

    TrialAccounts(Settings settings) {
        this.settings = settings;
    }

    /** @throws ConfigurationException when there is no such provider or account */
    Account of(TrialRequest request) {
        var provider = request.provider();
        if (!settings.providers().contains(provider)) {
            throw new ConfigurationException("there is no provider " + provider + ": " + settings.routes() + " has "
                    + String.join(", ", settings.providers()));
        }
        var own = settings.accounts().stream()
                .filter(account -> account.provider().equals(provider))
                .toList();
        if (request.account() == null || request.account().isEmpty() && own.isEmpty()) {
            return nobodys(provider);
        }
        if (request.account().isEmpty()) {
            return own.get(0);
        }
        return own.stream()
                .filter(account -> account.name().equals(request.account()))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("there is no account " + request.account() + " of "
                        + provider + ": "
                        + (own.isEmpty()
                                ? "none is configured"
                                : "there are "
                                        + String.join(
                                                ", ",
                                                own.stream().map(Account::name).toList()))));
    }

    private static Account nobodys(String provider) {
        return new Account(provider, NOBODYS, Credentials.none(), AddressRanges.parse(""), "", 200, "", "");
    }

    /**
     * The URL that the provider calls for it.
     *
     * @param address scheme and host of it, where none is configured
     */
    String url(Account account, String query, String address) {
        var configured = account.publicUrl().isEmpty() ? settings.http().publicUrl() : account.publicUrl();
        return (configured.isEmpty() ? address : configured) + "/callbacks/" + account.provider() + "/" + account.name()
                + (query.isEmpty() ? "" : "?" + query);
    }
}

package org.smscallbacks.config;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How the accounts of one provider have their requests signed. */
public final class CustomarySchemes {

    private final Set<SignatureScheme> schemes = new LinkedHashSet<>();

    /** @param accounts of the provider; of these, those that want a signature say how */
    public CustomarySchemes(Collection<Account> accounts) {
        accounts.forEach(account -> schemes.addAll(account.credentials().schemes()));
    }

    /** Credentials nobody has, which want a signature by any of them. */
    public Credentials nobodys() {
        return Credentials.nobodys(List.copyOf(schemes));
    }

    Set<SignatureScheme> schemes() {
        return schemes;
    }

    /** Whether none of the accounts wants a signature. */
    public boolean isEmpty() {
        return schemes.isEmpty();
    }

    /** Whether a signature can be good for one URL and bad for another. */
    public boolean coverUrl() {
        return schemes.stream().anyMatch(SignatureScheme::coversUrl);
    }
}

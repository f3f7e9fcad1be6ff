namespace AiPlatform.Domain.Identity;

/// <summary>People who share a budget.</summary>
public sealed class Team
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Longest telephone number, in characters.</summary>
    public const int MaxPhoneLength = 50;

    /// <summary>Longest billing address, in characters.</summary>
    public const int MaxBillingAddressLength = 500;

    private Team()
    {
        Name = string.Empty;
    }

    /// <summary>Founds a team without members.</summary>
    /// <param name="name">Its name, unique without regard to case; 1 to <see cref="MaxNameLength"/> characters.</param>
    /// <param name="now">The time, which also orders the id (UUIDv7).</param>
    public Team(string name, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7(now);
        Name = name.Trim();
        NormalisedName = NormaliseName(name);
        CreatedAt = now;
        Active = true;
        Numbering = new TeamNumber(Id);
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>Its name as shown.</summary>
    public string Name { get; private set; }

    /// <summary>The name that is unique.</summary>
    public string NormalisedName { get; private set; } = string.Empty;

    /// <summary>The address of whoever administers it; unique among teams that have one.</summary>
    public string? AdminEmail { get; private set; }

    /// <summary>Its telephone number.</summary>
    public string? Phone { get; private set; }

    /// <summary>Where its invoices go.</summary>
    public string? BillingAddress { get; private set; }

    /// <summary>Whether it exists for its members; a team that was closed stays as the row that the ledger points to.</summary>
    public bool Active { get; private set; }

    /// <summary>The team's number, for surfaces whose ids are integers.</summary>
    public TeamNumber? Numbering { get; private set; }

    /// <summary>When it was founded, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>One spelling a name.</summary>
    /// <param name="name">The name as typed.</param>
    public static string NormaliseName(string name) => name.Trim().ToUpperInvariant();

    /// <summary>Changes the name.</summary>
    /// <param name="name">The new name, 1 to <see cref="MaxNameLength"/> characters.</param>
    public void Rename(string name) => (Name, NormalisedName) = (name.Trim(), NormaliseName(name));

    /// <summary>Sets who administers the team.</summary>
    /// <param name="adminEmail">The address; it is normalised here.</param>
    public void AdministerBy(string adminEmail) => AdminEmail = User.NormaliseEmail(adminEmail);

    /// <summary>Sets where the team can be reached; an empty text clears it.</summary>
    /// <param name="phone">The telephone number.</param>
    /// <param name="billingAddress">Where invoices go.</param>
    public void ReachAt(string? phone, string? billingAddress) =>
        (Phone, BillingAddress) = (string.IsNullOrEmpty(phone) ? null : phone, string.IsNullOrEmpty(billingAddress) ? null : billingAddress);

    /// <summary>Closes the team: its name and its address are free again, the row stays.</summary>
    public void Close() => (Active, NormalisedName, AdminEmail) = (false, $"closed:{Id:D}", null);
}

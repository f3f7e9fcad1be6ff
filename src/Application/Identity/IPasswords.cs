namespace AiPlatform.Application.Identity;

/// <summary>What came of a password that was held against a hash.</summary>
public enum PasswordMatch
{
    /// <summary>It is another password, or the account has none.</summary>
    None,

    /// <summary>It is the password.</summary>
    Right,

    /// <summary>It is the password, and its hash is weaker than hashes are made today.</summary>
    RightButWeak,
}

/// <summary>Hashes passwords and holds them against their hashes.</summary>
public interface IPasswords
{
    /// <summary>What is kept of a password: salted, so that each hash is another one.</summary>
    /// <param name="password">The password.</param>
    string Hash(string password);

    /// <summary>Holds a password against what is kept. It takes as long where nothing is kept.</summary>
    /// <param name="hash">What is kept; <see langword="null"/> for an account without a password, or none at all.</param>
    /// <param name="password">The password as typed.</param>
    PasswordMatch Check(string? hash, string password);
}

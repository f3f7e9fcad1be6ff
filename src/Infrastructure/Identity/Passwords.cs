using AiPlatform.Application.Identity;
using AiPlatform.Domain.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>Passwords by the framework's hasher, see decision 0003.</summary>
internal sealed class Passwords : IPasswords
{
    private readonly PasswordHasher<User> _hasher;
    private readonly Lazy<string> _nobodys;

    public Passwords(IOptions<PasswordOptions> options)
    {
        _hasher = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = options.Value.Iterations }));
        _nobodys = new Lazy<string>(() => Hash("nobody's"));
    }

    public string Hash(string password) => _hasher.HashPassword(null!, password);

    public PasswordMatch Check(string? hash, string password)
    {
        // Where there is nothing to hold it against it is held against something all the same, which takes as long.
        var verdict = _hasher.VerifyHashedPassword(null!, hash ?? _nobodys.Value, password);
        return hash is null ? PasswordMatch.None : verdict switch
        {
            PasswordVerificationResult.Success => PasswordMatch.Right,
            PasswordVerificationResult.SuccessRehashNeeded => PasswordMatch.RightButWeak,
            _ => PasswordMatch.None,
        };
    }
}

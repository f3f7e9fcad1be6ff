using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Derives one key a purpose from the pepper (HKDF-SHA256, RFC 5869), so that no two uses share a key.</summary>
public sealed class KeyRing
{
    private const int KeyLength = 32;

    private readonly byte[] _pepper;

    /// <summary>Reads the pepper; outside Production it is made when there is none.</summary>
    /// <param name="options">Where the pepper comes from.</param>
    /// <param name="environment">Whether this is Production.</param>
    /// <exception cref="OptionsValidationException">The pepper is unset in Production, or too short.</exception>
    public KeyRing(IOptions<SecurityOptions> options, IHostEnvironment environment)
    {
        _pepper = Encoding.UTF8.GetBytes(options.Value.Pepper ?? ReadOrMake(options.Value, environment));
        if (_pepper.Length < SecurityOptions.MinPepperLength)
        {
            throw Invalid($"Security:Pepper must be at least {SecurityOptions.MinPepperLength} characters; for example the output of `openssl rand -base64 48`.");
        }
    }

    /// <summary>The key of one purpose, 32 bytes.</summary>
    /// <param name="purpose">A constant name, never a client's text.</param>
    public byte[] Key(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _pepper, KeyLength, info: Encoding.UTF8.GetBytes($"AiPlatform/{purpose}"));

    private static string ReadOrMake(SecurityOptions options, IHostEnvironment environment)
    {
        if (environment.IsProduction())
        {
            throw Invalid("Security:Pepper must be set in Production to at least 32 characters; for example the output of `openssl rand -base64 48`.");
        }

        if (!File.Exists(options.PepperFile))
        {
            Make(options.PepperFile);
        }

        return File.ReadAllText(options.PepperFile).Trim();
    }

    private static void Make(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        var access = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, access);
        writer.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(48)));
    }

    private static OptionsValidationException Invalid(string message) =>
        new(SecurityOptions.Section, typeof(SecurityOptions), [message]);
}

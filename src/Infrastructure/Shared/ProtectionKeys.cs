using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>A key of ASP.NET Core Data Protection, encrypted under the pepper, which is kept elsewhere.</summary>
internal sealed class ProtectionKey
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The framework's own name of the key.</summary>
    public required string Name { get; init; }

    /// <summary>The framework's own form of the key.</summary>
    public required string Xml { get; init; }
}

internal sealed class ProtectionKeyConfiguration : IEntityTypeConfiguration<ProtectionKey>
{
    private const int MaxNameLength = 100;
    private const int MaxXmlLength = 4000;

    public void Configure(EntityTypeBuilder<ProtectionKey> builder)
    {
        builder.ToTable("protection_keys");
        builder.Property(key => key.Id).ValueGeneratedNever();
        builder.Property(key => key.Name).HasMaxLength(MaxNameLength);
        builder.Property(key => key.Xml).HasMaxLength(MaxXmlLength);
    }
}

/// <summary>Keeps the keys in the database, where all replicas find them.</summary>
internal sealed class ProtectionKeyRepository(IDbContextFactory<AppDbContext> contexts, TimeProvider time) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = contexts.CreateDbContext();
        return [.. db.Set<ProtectionKey>().AsNoTracking().OrderBy(key => key.Id).Select(key => key.Xml).AsEnumerable().Select(xml => XElement.Parse(xml))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = contexts.CreateDbContext();
        db.Add(new ProtectionKey
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            Name = friendlyName,
            Xml = element.ToString(SaveOptions.DisableFormatting),
        });
        db.SaveChanges();
    }
}

/// <summary>Encrypts the keys under the pepper, AES-256-GCM: a copy of the database opens nothing.</summary>
internal sealed class PepperXmlEncryptor(KeyRing keys) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var seal = new AnswerSeal(keys.Key(PepperXmlDecryptor.Purpose));
        var bytes = seal.Seal(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)), []);
        return new EncryptedXmlInfo(new XElement("pepper", Convert.ToBase64String(bytes)), typeof(PepperXmlDecryptor));
    }
}

/// <summary>Decrypts what <see cref="PepperXmlEncryptor"/> gave; the framework makes it by its name.</summary>
/// <param name="services">Where the pepper is.</param>
internal sealed class PepperXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    /// <summary>What the pepper's key is for.</summary>
    public const string Purpose = "protection-keys";

    public XElement Decrypt(XElement encryptedElement)
    {
        var seal = new AnswerSeal(services.GetRequiredService<KeyRing>().Key(Purpose));
        return seal.Open(Convert.FromBase64String(encryptedElement.Value), []) is { } bytes
            ? XElement.Parse(Encoding.UTF8.GetString(bytes))
            : throw new CryptographicException("The key was encrypted under another pepper. Set Security:Pepper to what it was.");
    }
}

internal static class ProtectionRegistration
{
    /// <summary>Adds Data Protection with its keys in the database.</summary>
    public static void AddProtection(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("AiPlatform");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
        {
            options.XmlRepository = ActivatorUtilities.CreateInstance<ProtectionKeyRepository>(provider);
            options.XmlEncryptor = ActivatorUtilities.CreateInstance<PepperXmlEncryptor>(provider);
        }));
    }
}

using AiPlatform.Domain.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Identity;

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("sessions");
        builder.Property(session => session.Id).ValueGeneratedNever();
        builder.Property(session => session.IpAddress).HasMaxLength(Session.MaxIpAddressLength);
        builder.Property(session => session.UserAgent).HasMaxLength(Session.MaxUserAgentLength);
        builder.HasIndex(session => new { session.UserId, session.ExpiresAt }).HasDatabaseName("ix_sessions_user_expiry");
        builder.HasOne<User>().WithMany().HasForeignKey(session => session.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class RefreshTokenConfiguration : IEntityTypeConfiguration<RefreshToken>
{
    public void Configure(EntityTypeBuilder<RefreshToken> builder)
    {
        builder.ToTable("refresh_tokens");
        builder.Property(token => token.Id).ValueGeneratedNever();
        builder.Property(token => token.Hash).HasMaxLength(64).IsUnicode(false);
        builder.HasIndex(token => token.Hash).IsUnique().HasDatabaseName("ux_refresh_tokens_hash");
        builder.HasIndex(token => token.ExpiresAt).HasDatabaseName("ix_refresh_tokens_expiry");
        builder.HasOne<Session>().WithMany().HasForeignKey(token => token.SessionId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class EmailCodeConfiguration : IEntityTypeConfiguration<EmailCode>
{
    public void Configure(EntityTypeBuilder<EmailCode> builder)
    {
        builder.ToTable("email_codes", table => table.HasCheckConstraint("ck_email_codes_attempts", $"attempts >= 0 AND attempts <= {EmailCode.MostAttempts}"));
        builder.Property(code => code.Id).ValueGeneratedNever();
        builder.Property(code => code.Email).HasMaxLength(User.MaxEmailLength);
        builder.Property(code => code.Hash).HasMaxLength(64).IsUnicode(false);
        builder.HasIndex(code => code.Email).IsUnique().HasDatabaseName("ux_email_codes_email");
    }
}

internal sealed class SigningKeyConfiguration : IEntityTypeConfiguration<SigningKey>
{
    public void Configure(EntityTypeBuilder<SigningKey> builder)
    {
        builder.ToTable("signing_keys");
        builder.Property(key => key.Id).ValueGeneratedNever();
        builder.Property(key => key.SealedSecret).HasMaxLength(SigningKey.MaxSealedLength).IsUnicode(false);
    }
}

internal sealed class SignInThrottleConfiguration : IEntityTypeConfiguration<SignInThrottle>
{
    public void Configure(EntityTypeBuilder<SignInThrottle> builder)
    {
        builder.ToTable("sign_in_throttles");
        builder.HasKey(row => row.Subject);
        builder.Property(row => row.Subject).HasMaxLength(SignInThrottle.MaxSubjectLength).IsUnicode(false);
        builder.Property(row => row.Failures).IsConcurrencyToken();
        builder.HasIndex(row => row.LastFailureAt).HasDatabaseName("ix_sign_in_throttles_failure");
    }
}

internal sealed class PersonProfileConfiguration : IEntityTypeConfiguration<PersonProfile>
{
    public void Configure(EntityTypeBuilder<PersonProfile> builder)
    {
        builder.ToTable("profiles", table =>
        {
            table.HasCheckConstraint("ck_profiles_credits", "credits >= 0 AND credits_reset >= 0");
            table.HasCheckConstraint("ck_profiles_conversations", "daily_conversations IS NULL OR daily_conversations >= 0");
        });
        builder.HasKey(profile => profile.UserId);
        builder.Ignore(profile => profile.ConversationsADay);
        builder.Property(profile => profile.UserId).ValueGeneratedNever();
        builder.Property(profile => profile.About).HasMaxLength(PersonProfile.MaxTextLength);
        builder.Property(profile => profile.Hobbies).HasMaxLength(PersonProfile.MaxTextLength);
        builder.Property(profile => profile.Notes).HasMaxLength(PersonProfile.MaxTextLength);
        builder.Property(profile => profile.Website).HasMaxLength(PersonProfile.MaxUrlLength);
        builder.Property(profile => profile.ImageUrl).HasMaxLength(PersonProfile.MaxUrlLength);
        builder.Property(profile => profile.Type).HasMaxLength(PersonProfile.MaxLabelLength);
        builder.Property(profile => profile.Plan).HasMaxLength(PersonProfile.MaxLabelLength);
        builder.Property(profile => profile.Level).HasMaxLength(PersonProfile.MaxLabelLength);
        builder.Property(profile => profile.AccessTypes).HasMaxLength(PersonProfile.MaxTextLength);
        builder.HasOne<User>().WithOne().HasForeignKey<PersonProfile>(profile => profile.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}

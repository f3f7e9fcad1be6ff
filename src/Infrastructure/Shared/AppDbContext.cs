using AiPlatform.Application.Commerce;
using AiPlatform.Application.Content;
using AiPlatform.Application.Gateway;
using AiPlatform.Application.Identity;
using AiPlatform.Application.Metering;
using AiPlatform.Application.Operations;
using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Identity;
using AiPlatform.Infrastructure.Metering;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>
/// The one database behind every capability's port. Tables are found by scanning entity configurations; each port shows only
/// what its capability owns.
/// </summary>
/// <param name="options">The provider and the connection.</param>
public sealed class AppDbContext(DbContextOptions<AppDbContext> options)
    : DbContext(options), IIdentityDb, IMeteringDb, IGatewayDb, IOperationsDb, IContentDb, ICommerceDb
{
    DbSet<User> IIdentityDb.Users => Set<User>();

    DbSet<ApiKey> IIdentityDb.ApiKeys => Set<ApiKey>();

    DbSet<AccessToken> IIdentityDb.AccessTokens => Set<AccessToken>();

    DbSet<Team> IIdentityDb.Teams => Set<Team>();

    DbSet<PersonProfile> IIdentityDb.Profiles => Set<PersonProfile>();

    DbSet<UserBackup> IIdentityDb.UserBackups => Set<UserBackup>();

    DbSet<Session> IIdentityDb.Sessions => Set<Session>();

    DbSet<RefreshToken> IIdentityDb.RefreshTokens => Set<RefreshToken>();

    DbSet<EmailCode> IIdentityDb.EmailCodes => Set<EmailCode>();

    DbSet<SignInThrottle> IIdentityDb.SignInThrottles => Set<SignInThrottle>();

    DbSet<SigningKey> IIdentityDb.SigningKeys => Set<SigningKey>();

    Task<IDbContextTransaction> IIdentityDb.LockAdministratorsAsync(CancellationToken cancellationToken) =>
        AdministratorLock.BeginAsync(this, cancellationToken);

    Task<int> IIdentityDb.RevokeTokensAsync(Guid userId, DateTimeOffset now, CancellationToken cancellationToken) =>
        TokenRevocation.RevokeAsync(this, userId, now, cancellationToken);

    DbSet<TierAllowance> IMeteringDb.TierAllowances => Set<TierAllowance>();

    DbSet<SpendingLimit> IMeteringDb.SpendingLimits => Set<SpendingLimit>();

    DbSet<FundingRule> IMeteringDb.FundingRules => Set<FundingRule>();

    DbSet<ModelPrice> IMeteringDb.ModelPrices => Set<ModelPrice>();

    IQueryable<LedgerAccount> IMeteringDb.LedgerAccounts => Set<LedgerAccount>().AsNoTracking();

    IQueryable<LedgerEntry> IMeteringDb.LedgerEntries => Set<LedgerEntry>().AsNoTracking();

    IQueryable<Hold> IMeteringDb.Holds => Set<Hold>().AsNoTracking();

    IQueryable<UsageRecord> IMeteringDb.UsageRecords => Set<UsageRecord>().AsNoTracking();

    IQueryable<HoldCandidate> IMeteringDb.HoldCandidates => Set<HoldCandidate>().AsNoTracking();

    IQueryable<SavedCall> IMeteringDb.SavedCalls => Set<SavedCall>().AsNoTracking();

    IQueryable<AuditRecord> IMeteringDb.AuditRecords => Set<AuditRecord>().AsNoTracking();

    IQueryable<LedgerEntry> IMeteringDb.EntriesOf(Guid account) => Database.IsSqlite()
        ? DeferredIndex.LedgerEntries.RowsOf<LedgerEntry>(this, account).AsNoTracking()
        : Set<LedgerEntry>().AsNoTracking().Where(entry => entry.AccountId == account);

    IQueryable<LedgerEntry> IMeteringDb.EntriesOfUser(Guid userId) => Database.IsSqlite()
        ? DeferredIndex.LedgerEntries.RowsOfAccountsOf<LedgerEntry>(this, userId).AsNoTracking()
        : Set<LedgerEntry>().AsNoTracking().Where(entry => Set<LedgerAccount>().Any(
            account => account.Id == entry.AccountId && account.OwnerKind == OwnerKind.User && account.OwnerId == userId));

    IQueryable<LedgerEntry> IMeteringDb.EntriesBetween(Guid first, Guid last) => Database.IsSqlite()
        ? DeferredIndex.LedgerEntries.RowsBetween<LedgerEntry>(this, first, last).AsNoTracking()
        : Set<LedgerEntry>().AsNoTracking().Where(entry => entry.AccountId.CompareTo(first) >= 0 && entry.AccountId.CompareTo(last) <= 0);

    IQueryable<UsageRecord> IMeteringDb.UsageOf(IReadOnlyCollection<Guid> users) => Database.IsSqlite()
        ? DeferredIndex.UsageRecords.RowsOf<UsageRecord>(this, users).AsNoTracking()
        : Set<UsageRecord>().AsNoTracking().Where(usage => users.Contains(usage.UserId));

    DbSet<AiModel> IGatewayDb.Models => Set<AiModel>();

    DbSet<ModelName> IGatewayDb.ModelNames => Set<ModelName>();

    DbSet<AiModelChange> IGatewayDb.ModelChanges => Set<AiModelChange>();

    DbSet<ModelAllowance> IGatewayDb.ModelAllowances => Set<ModelAllowance>();

    DbSet<Endpoint> IOperationsDb.Endpoints => Set<Endpoint>();

    DbSet<EndpointAccess> IOperationsDb.EndpointAccess => Set<EndpointAccess>();

    DbSet<AuditRecord> IOperationsDb.AuditRecords => Set<AuditRecord>();

    IQueryable<AuditRecord> IOperationsDb.AuditRecordsOf(Guid userId) => Database.IsSqlite()
        ? DeferredIndex.AuditRecords.RowsOf<AuditRecord>(this, userId)
        : Set<AuditRecord>().Where(record => record.UserId == userId);

    IQueryable<AdministrativeChange> IOperationsDb.AdministrativeChanges => Set<AdministrativeChange>().AsNoTracking();

    IQueryable<UsageReport> IOperationsDb.UsageReports => Set<UsageReport>().AsNoTracking();

    DbSet<AuditChain> IOperationsDb.AuditChains => Set<AuditChain>();

    DbSet<AnswerCacheRule> IGatewayDb.AnswerCacheRules => Set<AnswerCacheRule>();

    DbSet<StoredFile> IContentDb.Files => Set<StoredFile>();

    DbSet<RagDocument> IContentDb.Documents => Set<RagDocument>();

    DbSet<RagChunk> IContentDb.Chunks => Set<RagChunk>();

    DbSet<DocumentLibrary> IContentDb.Library => Set<DocumentLibrary>();

    DbSet<Plan> ICommerceDb.Plans => Set<Plan>();

    DbSet<Subscription> ICommerceDb.Subscriptions => Set<Subscription>();

    DbSet<Deposit> IMeteringDb.Deposits => Set<Deposit>();

    DbSet<TopUp> ICommerceDb.TopUps => Set<TopUp>();

    DbSet<PaymentEvent> ICommerceDb.PaymentEvents => Set<PaymentEvent>();

    DbSet<PaymentCustomer> ICommerceDb.PaymentCustomers => Set<PaymentCustomer>();

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<Period>().HaveConversion<PeriodConverter>().HaveMaxLength(Period.MaxLength).AreUnicode(false);
        if (Database.IsSqlite())
        {
            // SQLite has no type for instants; microseconds compare and sort as the other databases do.
            configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMicrosecondsConverter>();
        }
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(AppDbContext).Assembly);
        if (Database.IsSqlite())
        {
            modelBuilder.DeferIndexes();
        }

        modelBuilder.UseSnakeCaseColumns();
        modelBuilder.MapUtcDays(Database.ProviderName);
    }
}

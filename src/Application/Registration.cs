using System.Reflection;
using AiPlatform.Application.Commerce;
using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Caching;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Identity;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Operations;
using AiPlatform.Application.Operations.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AutoMapper;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Application;

/// <summary>Registers the use cases and the pipeline that every one of them goes through.</summary>
public static class Registration
{
    private static readonly Assembly UseCases = typeof(Registration).Assembly;

    /// <summary>Adds handlers, validators and behaviours.</summary>
    /// <param name="services">The collection to add to.</param>
    public static IServiceCollection AddApplication(this IServiceCollection services)
    {
        services.AddCalls();
        services.AddIdentity();
        services.AddMetering();
        services.AddGateway();
        services.AddCommerce();
        services.AddOperations();
        services.AddUseCases();
        services.AddPipeline();
        return services;
    }

    private static void AddCalls(this IServiceCollection services)
    {
        // What a call has learnt is one for the call. What has no state of its own is made where it is asked for: a scope that keeps
        // it pays more for its place than the object costs.
        services.AddScoped<CallRecord>();
        services.AddScoped<CallIdentity>();
        services.AddScoped<BodyBuffers>();
        services.AddTransient<IBodyAdmission, BodyAdmission>();
        services.AddTransient<CallRecorder>();
        services.AddTransient<RateCount>();
        services.AddTransient<CallHolds>();
    }

    private static void AddIdentity(this IServiceCollection services)
    {
        services.AddScoped<AccessTokens>();
        services.AddTransient<CredentialReader>();
        services.AddTransient<ICredentials, Credentials>();
        services.AddScoped<EmailCodes>();
        services.AddScoped<FirstPassword>();
        services.AddScoped<NewAccounts>();
        services.AddScoped<GoogleAccounts>();
        services.AddScoped<OwnCall>();
        services.AddScoped<IPeople, People>();
        services.AddScoped<PeoplePages>();
        services.AddScoped<PasswordChanges>();
        services.AddScoped<PersonChanges>();
        services.AddScoped<PersonKeys>();
        services.AddScoped<PersonRemoval>();
        services.AddScoped<PersonViews>();
        services.AddScoped<IOwnProfiles, OwnProfiles>();
        services.AddScoped<ISigningKeyRotation, SigningKeyRotation>();
        services.AddScoped<SessionClock>();
        services.AddScoped<Sessions>();
        services.AddScoped<SignInGuard>();
        services.AddScoped<SignIns>();
        services.AddTransient<ITokenConfirmation, TokenConfirmation>();
        services.AddTransient<IUserDirectory, UserDirectory>();
        services.AddScoped<IOwnerDirectory, OwnerDirectory>();
        services.AddScoped<INamedKeys, NamedKeys>();
    }

    private static void AddMetering(this IServiceCollection services)
    {
        services.AddTransient<IMonthlyCredits, MonthlyCredits>();
        services.AddTransient<TermsReader>();
        services.AddTransient<ICallTerms, CallTerms>();
        services.AddTransient<IModelPrices, ModelPrices>();
        services.AddScoped<IWallets, Wallets>();
        services.AddScoped<INewcomerWallets, Wallets>();
        services.AddScoped<TokenAccounts>();
        services.AddScoped<ITokenGrants, TokenGrants>();
        services.AddScoped<TermsChanges>();
        services.AddScoped<LedgerOwners>();
        services.AddScoped<AccountOrders>();
        services.AddTransient<OnceOrders>();
        services.AddScoped<OpeningGrants>();
        services.AddScoped<ConversationAccounts>();
        services.AddScoped<IConversationAccounts>(provider => provider.GetRequiredService<ConversationAccounts>());
        services.AddScoped<Conversation>();
        services.AddScoped<UsageStatistics>();
    }

    private static void AddGateway(this IServiceCollection services)
    {
        services.AddScoped<ModelChanges>();
        services.AddScoped<AccessOwners>();
        services.AddTransient<IModelAccess, ModelAccess>();
        services.AddScoped<CacheTurn>();
        services.AddTransient<CacheRules>();
        services.AddScoped<ReuseTerms>();
        services.AddScoped<KeepTerms>();
        services.AddScoped<CacheQuestions>();
        services.AddScoped<CacheRuleChanges>();
    }

    private static void AddCommerce(this IServiceCollection services)
    {
        services.AddScoped<WalletPurchase>();
        services.AddScoped<ITokenPlans, TokenPlans>();
        services.AddScoped<CommerceCall>();
        services.AddScoped<PlanChanges>();
        services.AddScoped<TopUps>();
        services.AddScoped<PaymentEventGate>();
        services.AddScoped<PaymentEvents>();
        services.AddScoped<SubscriptionFollower>();
        services.AddScoped<IPaymentReconciliation, PaymentReconciliation>();
        services.AddScoped<ISubscriptionRenewal, SubscriptionRenewal>();
    }

    private static void AddOperations(this IServiceCollection services) =>
        services.AddTransient<IEndpointCatalogue, EndpointCatalogue>();

    private static void AddUseCases(this IServiceCollection services)
    {
        services.AddSingleton<IConfigurationProvider>(_ => new MapperConfiguration(maps => maps.AddProfiles(UseCases)));

        services.AddTransient<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddTransient<IMediator, Mediator>();
        services.AddImplementations(typeof(IRequestHandler<,>), ServiceLifetime.Transient);
        services.AddImplementations(typeof(IValidator<>), ServiceLifetime.Singleton);
        services.AddImplementations(typeof(ICallBound<>), ServiceLifetime.Transient);
    }

    private static void AddPipeline(this IServiceCollection services)
    {
        // The order is the order in which a call passes them.
        services.AddTransient<IPipelineBehavior<RelayCommand, RelayReply>, KeepAnswerBehavior>();
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(AuditBehavior<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(AddressBehavior<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(RateLimitBehavior<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(AuthenticationBehavior<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(AccountRateBehavior<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(AuthorizationBehavior<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(IdempotencyBehavior<,>));
        services.AddTransient<IPipelineBehavior<RelayCommand, RelayReply>, ReuseAnswerBehavior>();
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(BalanceBehavior<,>));
    }

    private static void AddImplementations(this IServiceCollection services, Type definition, ServiceLifetime lifetime)
    {
        foreach (var type in UseCases.GetTypes().Where(type => type is { IsAbstract: false, ContainsGenericParameters: false }))
        {
            foreach (var service in type.GetInterfaces().Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == definition))
            {
                services.Add(new ServiceDescriptor(service, type, lifetime));
            }
        }
    }
}

#pragma once

#include <memory>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/// Owners for OpenSSL's objects. Private to security: no public header names an OpenSSL type.
namespace yz {

template <auto Free> struct OpensslDeleter {
    template <typename T> void operator()(T* object) const { Free(object); }
};
template <typename T, auto Free> using OpensslPtr = std::unique_ptr<T, OpensslDeleter<Free>>;

using BioPtr = OpensslPtr<BIO, BIO_free_all>;
using BignumPtr = OpensslPtr<BIGNUM, BN_free>;
using PkeyPtr = OpensslPtr<EVP_PKEY, EVP_PKEY_free>;
using PkeyContextPtr = OpensslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContextPtr = OpensslPtr<EVP_MD_CTX, EVP_MD_CTX_free>;
using CertificatePtr = OpensslPtr<X509, X509_free>;
using CrlPtr = OpensslPtr<X509_CRL, X509_CRL_free>;
using CmsPtr = OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free>;
using TimePtr = OpensslPtr<ASN1_TIME, ASN1_TIME_free>;
using EncryptedKeyPtr = OpensslPtr<X509_SIG, X509_SIG_free>;
using KeyInfoPtr = OpensslPtr<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
using StorePtr = OpensslPtr<X509_STORE, X509_STORE_free>;
using StoreContextPtr = OpensslPtr<X509_STORE_CTX, X509_STORE_CTX_free>;

inline void freeCertificateStack(STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }
using CertificateStackPtr = OpensslPtr<STACK_OF(X509), freeCertificateStack>;

} // namespace yz

import type { KeySpec } from '@notarykit/signature-envelope/internal';

/**
 * The primes of published RSA keys, base64url, six a size: making an RSA-4096 key takes seconds, putting one together milliseconds.
 * **For tests only**: everyone has these primes. Made by `node:crypto` `generateKeyPairSync('rsa')`, members `p` and `q` of its JWK
 * export, so that the product of any two has all its bits.
 */
export const rsaPrimes: Readonly<Partial<Record<KeySpec, readonly (readonly [p: string, q: string])[]>>> = {
  'RSA-2048': [
    [
      '5EEG9p_tfcK6iH1LS15vYRovbWlrx1NuRhSmnaVh26q6hTFaEFyjWWx-Hp-lzDT_4y9O7vJ07cCWDh_0dUTWfHIHyD4ntSxw6NA3o7yXbHY4VB8LuQNUm2-L247rbXR85Ws2XdMyIEwXeXdN9HYwd6PoULHr5J02Y4VF0yA8dGk',
      '1Uv11dptWc7oIlgR1new4HQ4u_3ptHntWQF5nvggqZ3BXQNyCJYmPlYs7LtRrfpQBnKcNMmsL_Amn3-0gcwkgX2TBOKx9J5R_bMmEPBBOBEki0bRaVzc2c2Cew-sJ4YjsxrsthJOdgdMHbg6hziW8XtlkDMHbWUHeWnUMZCG6cU',
    ],
    [
      '-KcUE98fl4XPtu8b-unsaz2irIv3u_S-NsS0sVT3XBjK5syEmeWAeld7V8q5GDlnZRwtlMPTmCQUKF26DSGgSBx4Zd3TCpT9MIc_9jHsizrs8zq3Jizfdl99wim0QyiBNiDl3uZ4f6Iu-OJHSNcpq6iIuK5qrhXaV0N95KIISg0',
      '74dMFGF6rXJ07uNf0yq0ggfE7_swjlYqVOQIxUEoWUocfMN9Okj3kwLCe2Uyc_s6wkNWgP47cThGU16HuQW80fGNN8W0WzyAjV_jnewXJc96hOPC_Xsn7LrVGIpQcEIGe3bvlpY_0AALnXh84ETyfGmPNuGABbderx3qe4q7d0E',
    ],
    [
      '-6lq6r1LQvUVJfM6gS5m4rGwvpr4dA02OkpWS80amb3dq1asRwq9LhhUjjBfG9KlSJemETTfS40txGJiXLTgkmxMsp7bqncER8GaS_t-xM71-PdICBq17OzTlpU539DvUlV2Ar5Lhb8k05NbGTDrAB9v75yX2VzBB-ZlDYlD6FU',
      'wPpLwHWforbm8ONep9GR5Vy524LWb4ok7ZQ7uhiMNAD0cCu_nEb5ssdJCQFpzYaN7ynBdXXviA-JVKkBQ_hFxiIFOyX0-zs0jpRzc9i0PXjbhmB9rR0swBOtFf4Xoj6jwtZZ4fKt9PL7-XBY7VfePyI0cMY2B79ppkV3ROtfnvE',
    ],
  ],
  'RSA-3072': [
    [
      '47zOZ6Q5VBeQBi86XmAqKF8jlb28pmh_BDrUYdIprmjFVBez-xzahSh_RaPHVD-W7UHrNDQrchVCsEvXBVVJ1myRgCmNQb_lfneXa6IlhMaAYWRUM_BmxtVUeMVKFgdAAebBCvKPCOUDnpdGZ-TUoEsNXkMDVNjGwFmkhvmWwEOsRfmxAD3s53p0vYl0Uz--8YIvD_pYF4s13IEtZeGOL-Vr0NR0EnYLlsgv7uTFuAQzn0cwL6z7F_nLU2s-GB4X',
      'yNv6B294H3A-wWnpb_QCrlYEJ7sqeildo-xHWQ5RKsckRNJbvU4gR397MIcHcnFI0AHICRxGc5a6-ZxccevENxacs55vTLSJmyWp0ixIUdWpOfiLinrA2Mi-zvtJH8x3sTfL3chXdNqNhK-4Y4wc_u_-qcIzazzxcTorAMWDQcqwpZ9uCV-iSB3UsA_RlpPh6AncCB0Cat6oVryHMRvpnHswRh_J16SyPGZ1tC2gAOisf03tRIKWfTi_uqNo1145',
    ],
    [
      '3yCL-Xbira_PjTwuiVCQazag4SnhBvsV9OOq9Tu351Kr-tn8DBq6y17azPWcVMQkNgNRebNvy2q8fG3-cXOzwPVFtytzDyCJ5Uumx8ecyHY-ketVL8hlhH_3UOkoVciogiYsDfPCjIvP8SXXoZXRepzBkiwfed8AltLZM393LkMmT9oTnLhlR9mxMWagxMjpA3bHLFluQ8KzNtqo3RS_BDNiNC1zgbTeYzebJfIuTxWXAQf_QjhwubLgwySiLZpV',
      '1W9YA3vzMrO5nReJOCSpz2zfgC-KKb6bXUSY37p8UgyRaqOcSG4sKcwCnAKoMWFHNdAFnuC9w6Fpeaacoau-ldUEVJzJ3g_EBdPXIdCjxDptWXeTqY2r4KXeNzcdeIaYx5iDy7uDGr3BH3GfNKjDruCpsyrnsCR-M7NUhmJl_MmD-NCDU1s-VYdrWb_rNsX5zcFIzgpfrytjAamnjmA1eg4VMXOIuVkJ0xy32siwclhwWiukazFp3dqKCF3tk19z',
    ],
    [
      '8-Ysf5grT-qcJGDYiQZg_6WlNciLvvI7RrejTjsJdBn2fngndOAZAJi5e3CyNcYDlS3rm6M4n6leQnS_OulXinobFjwARM2szVuuEIuH5MrsrEpisCgco-GVYZApyGlLkWlql4EywdMaWUoj2_IuJPFc6nuz5lCcrp-7loNJqt_bJZNENCPAqrHpe7SawfB9lUQwZtk0TSx0V-_VX7hZpUFS2xiHQ589NSgaLoOpTF-eqBT3Y4hWbympvk48CyMN',
      '8ZK543OHdzdiMsPcls3L56LiiJdYEy8hXH8FQ399I6mz0zzPyRe0wtZ58NGOLU1PEu86jcGYVeZL3lyEeazR0Tq9yl3UcoSr83D7hyt2lmQY_0JkKqrPvPFvlYm6iJyaKAG_d63jMwwX7uVSY-LiSrN2T2h5GSxdSh_3H04KYSRCK4FdxI18pIbxCoGgoCRrr43x55TAaMP2b_oaj1CkvyDt9YIPN1NR93IbMqTyjlEXr7LQ0QG1CZiZWw9Hkbrb',
    ],
  ],
  'RSA-4096': [
    [
      '3W8sIPgl9PlCr8SG0r9ONLkEdsEb0UmUoPNziP0LcifOKl5sOyEDN6zKV7KWijCIPV1Ldb5x0Bq3oduBmNljpXgUNISRp8K9NYcLTfSejgGAxXlsQ4enIpkIT3V0JXkUrjd_3fN0Uogtv5DFW8RVJiuH2fnKb-zsxzA5Upl1Qt2KvpuVFgpPyT7Je1LBoVeyBKdK4Q2fRKong6Db98WsWYpg0Yof-XpIoMyaLWK3X6wd3k-YB407FeLs8kFpsSTxSeAK0msMbJZP6kj28JJmvOkyf5-ZCBPmRnB88kRBWjXFyG18uj6Vr3_XYtWo5qdeCp9sPb183ogRvsW8hbP9Qw',
      '0LS85XTDfOrS1oZNNLifaeTcfRMBqMoH3Fq_au5xXeCvvYK1UxMUHoS_8NKsHF_5R6C_oEsErmoYFwf-GVKMaP6r-hEodqh1QTTvSoFnZ2b4jJ0zGR6ime9gOVsgWBWmzFPCUUV-R99pbW-S-vnJCNclD0T0HbZ61McZZyWZRfhGpg23MqK8fekZunb4Yo9e6ifOxZ8yS91gY6WwQrx1mTFvio2WgVB7HcCYPAUJkHIl8r5hNHjxi1C5s89LBUSODb-Ud5kuAb2wDcAe7NRKtVGDPe_PVbqsp6oSUm5omGlbQKGjLt7-TjlStjR8N-7wRTDftFMcCjGFzilVak9DOQ',
    ],
    [
      '-1AZkbsnXCMfduotfl2JNzn6k-AHIFzyW23QLj6kBU6OczJnSw5bytpKMOK4DK_EcDEDhqCR7Tnd2yDhjqErs5-7-eYf9w4kbtOorUi3h1pYiDt2tD6fjD8V7IX2jF1yllqmgC3IOkWXdfL_FIlgQ4vUvCy7Ac6Hq2Myie7880ovZmrMSsnmctwifjd6b2reKwFoveq6pHbbfG8pwDpQzbBz1tc1kZep59gE_-zyuoiXtXwqi7jv_I0TL8WUVuGI1j_I83-k2RoSFDes2pWZzc0_FwLApFQLOYE6bTyC5S_zxGityYgm-8co2foMp-DXCGs3N_ioRPo2TPgxDLHFsQ',
      '0yG-tBeBakrk8ii3U8lB-bJKdVjYRnCfEfLE4EobIxT9VqUHarmTHRHaBREN1GjN-S6gn1vDu56fqZja5sJLAQR7M62AFL_X3MRLUwASOrfL_sZ7zTvFm4sejsrbmd3hA0cGOvesuWCEc7CrBewcJQWPMtOL8pZrQtEl59qOtXmeD5xi9iK77DzQbQY6U-OAhiLYukmJq-OVarN-XIuBPBUOoA77bAh9eDMje989A588_6z27rN3dqDQOMIvDCTtOQHMZptR81wDFerarzTwb2po0R66jNMukntKZ-wuYcv2k-DDrlAHWrgStnTPPAtkHdJ1t-qmr5Zl9lzLAXZsmw',
    ],
    [
      '4RqRlZxkjbURsI7F4o_hMy0WWnfg0YYxYOZAt9qZDj_SgB3PUBNPmmUVNC5wzapZH0i564823D1UGuLcyB0gE-FG8QBsj-rDfK0Tj4MNKhxy3R0hcgkRniTdtfagJnwmcOpDPUeF__MVnBYkjZpbq7lQZqaPTJ9z4QUhxDrxBIn3ndG_f20zJSP5ct69drhOBiro6zAwb6gaXT7U3LxCCMTCxBcsn4BloZ69rE1XJ8CiXahqpFLnR6Z_de0S2tuKA5RiPNPxJHFMMPgZl87EEzY_7In_6lCbxfQJx8xZAdihN3SlJYE-DJlqmrliBAWWSBSNw-IlrAM7RUxvbRD2sQ',
      '0wRxtTFGCgoVyMSLog1W1jQBDwDBBBomXK46vz1pMYHBq3mdAa3RRgIpALOVVdDmkj6dx9khp7csfe0aBx2Xl7DsChDSB9sjqt0y_we3l7b1OfmXujXmKm8Hq4LLbhM10aaF1fMPUeIHnNzNkMIcIvmmIdo3cRq3tKU9dxJxHiHYwERj5oSJiL3hjpv0wkaWz1OeyAqt2lZCq16oVvMPPBXOIw5mKZVBWx3oFhX-w239KiI7rBOue3DQfkYaDYVQCswO9PXjJaWK3Bro5foEoTn_1Dc6lRIcHruAQe4n_bIRfqzcZLPxkHWNq01iVI1siEi2wolGKtvomXCsA9ew4w',
    ],
  ],
};

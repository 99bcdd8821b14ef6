//! Spanish.

use super::super::lexicon::*;
use super::List;

pub(super) const WORDS: List = &[
    (
        TELL | SPANISH,
        "informar informarse informara informado informada informados informen informe informarle informaran \
         notificar* notificado* notificada* notifique* avisar* avisado* avisada* avise avisen revelar* \
         revelado revelada revele divulgar* divulgado divulgada advertir advertido alertar alertado \
         comunicar* comunicado comunicada comunique comuniquen desvelar",
    ),
    (NOTICE | SPANISH, "notificacion* comunicacion* revelacion*"),
    (
        LEARN | SPANISH,
        "conocimiento saber sepa enterarse entere enterado conocer conozca conocida conocido tenga sabra \
         conocedor cuenta",
    ),
    (CONTACT | SPANISH, "contactar contacte contacten contactado contacto ponerse trasladar mencionar"),
    (
        USER,
        "usuario* usuaria* cliente clientes titular titulares abonado* abonada* interesado* interesada* \
         investigado* investigada* afectado* afectada* sospechoso* imputado* encausado* persona personas \
         denunciado*",
    ),
    (NEG, "nunca ningun ninguna jamas tampoco nadie"),
    (NEG_OF | NEG, "ningun ninguna"),
    (
        BID,
        "debe deben debera deberan puede podra podran ruega rogamos ruego favor solicita solicitamos ha deber \
         ser sea haga abstenga pueda abstengan",
    ),
    (BETWEEN, "se debe debera puede podra al ser sera en caso ponga poner"),
    (ENSURE, "asegur* garantiz* procure* evitando vele para"),
    (PERMIT, "permitid* autorizad* permite procede procedente permitido podra debera realizar* practicar*"),
    (FORBID, "prohib* vedado impedid* improcedente prohibicion* evitarse"),
    (FORBID_TO, "abstener* abstenga* evitar evite eviten absteniendose abstengan"),
    (DEFER, "aplaz* demorar retrasar diferir diferida posponer pospuesta postergar"),
    (HARM, "perjudic* comprometer* comprometeria frustrar* peligro entorpec* obstaculiz* poner"),
    (WOULD, "perjudicaria podria comprometeria frustraria pondria puede entorpeceria"),
    (HARM | WOULD, "perjudicaria comprometeria frustraria entorpeceria podria"),
    (
        MATTER,
        "solicitud* requerimiento* investigacion* sumario* actuaciones diligencias procedimiento* medida \
         medidas oficio peticion* instruccion* causa",
    ),
    (WITHOUT, "sin"),
    (BEFORE, "antes"),
    (ONLY, "solo solamente unicamente"),
    (QUIET, "silencio"),
    (ALONE, "confidencialidad confidencialmente"),
    (SECRET | MARK, "secreto secreta confidencial reservado reservada"),
    (SECRET, "secretas secretos confidenciales reserva sigilo encubiert* discrecion reservadas"),
    (
        KEEP,
        "mantener* mantenga* mantenido guardar* guarde* es caracter estricta estricto tratar* tratese tratada \
         declarad* bajo maxima absoluta debida permanecer obligado obligados estrictamente",
    ),
    (UNAWARE, "espaldas desconoc*"),
    (PAST, "fue sido fueron habia han estado he hemos"),
    (COPULA, "es"),
    (AND, "pero sino"),
    (OWN, "mi mis"),
    (ASKS, "quien cuando donde cual"),
    (TAKES, "objecion* inconveniente* dude duden olvide obstaculo* impedimento*"),
    (THING, "voto industrial servicio*"),
];
